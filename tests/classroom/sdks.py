"""Read what commands need of Azure's SDKs, before a process is forked."""

from importlib import import_module

from wizard.cloud.connect import SDKS

for name in SDKS:
    import_module(name)
