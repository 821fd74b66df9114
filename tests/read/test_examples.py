"""The examples in the docstrings of the readers are true."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [
    "dates",
    "files.cells",
    "staff_list.headers",
    "staff_list.identity",
    "staff_list.names",
    "staff_list.nip",
    "staff_list.ranks",
    "staff_list.units",
    "staff_list.values",
]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_reader_are_true(module: str) -> None:
    results = doctest.testmod(importlib.import_module(f"scheduler.read.{module}"))
    assert results.attempted
    assert not results.failed
