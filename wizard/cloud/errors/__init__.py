"""CloudError, translating SDK exceptions, the advice rules."""
