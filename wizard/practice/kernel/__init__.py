"""Store, clock, hosts, faults, seeds, operations, request/route types, certificates, HAR."""
