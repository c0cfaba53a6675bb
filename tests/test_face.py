"""The library's face: what a notebook shows of the verbs people use most."""

import inspect

import sailau


def test_verbs_are_functions_with_a_signature_and_a_docstring() -> None:
    """`help(sailau.count)` shows how to count, not a module."""
    for verb in (sailau.law, sailau.count, sailau.compile, sailau.allocate, sailau.simulate, sailau.compare):
        assert inspect.isfunction(verb)
        assert "arguments" not in inspect.signature(verb).parameters
        assert inspect.getdoc(verb)
