"""The library's face: what a notebook shows of the verbs people use most."""

import importlib
import inspect
import pkgutil

import pytest

import sailau


def test_verbs_are_functions_with_a_signature_and_a_docstring() -> None:
    """`help(sailau.count)` shows how to count, not a module."""
    for verb in (sailau.law, sailau.count, sailau.compile, sailau.allocate, sailau.simulate, sailau.compare):
        assert inspect.isfunction(verb)
        assert "arguments" not in inspect.signature(verb).parameters
        assert inspect.getdoc(verb)


@pytest.mark.parametrize("room", ["sailau", "sailau.rulebook", "sailau.wording"])
def test_what_a_door_gives_is_never_called_as_a_module_behind_it(room: str) -> None:
    """Python puts a module that is read under its own name into the room, in the place of what the door would give."""
    package = importlib.import_module(room)
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert sorted(modules & set(package.__all__)) == []
