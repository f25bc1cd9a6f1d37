"""Reads what most commands of ``azwizard`` read, before a process is forked for each."""

from importlib import import_module

from wizard.cloud.connect import SDKS

for name in (*SDKS, "wizard.__main__", "wizard.cli", "wizard.steps.registry_of_steps", "wizard.engine.run", "wizard.lint.linter"):
    import_module(name)
