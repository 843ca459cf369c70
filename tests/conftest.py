"""Fixtures of all tests live in tests/plugins, one file per subject."""

pytest_plugins = ["tests.plugins.postgis", "tests.plugins.service", "tests.plugins.sharing"]
