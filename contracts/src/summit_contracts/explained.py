"""What a field means stands below it in the source; a JSON Schema says it too, and nobody else has to read it.

pydantic can do so while a class is made. That reads the source of every model in every process, a quarter of the time that a
service took to load, for schemas that hardly a process makes.
"""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Explained(BaseModel):
    """In its schema a field is described by the text below it, unless it has a description of its own."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema as pydantic makes it, with what the source says about each field."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        fields = schema.get("properties", {})
        for name, text in _texts_of(cls).items():
            if name in fields:
                fields[name].setdefault("description", text)
        return schema


@cache
def _texts_of(model: type[BaseModel]) -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, Explained):
            texts |= _texts_in(one.__module__).get(one.__qualname__, {})
    return texts


@cache
def _texts_in(module: str) -> Mapping[str, Mapping[str, str]]:
    """Of every class in the module, by its qualified name, the texts below its fields."""
    try:
        source = inspect.getsource(sys.modules[module])
    except (OSError, TypeError):
        return {}  # typed in, or made at run time: nobody wrote a text below anything
    return dict(_classes(ast.parse(source).body, ""))


def _classes(body: Iterable[ast.stmt], within: str) -> Iterator[tuple[str, dict[str, str]]]:
    for one in body:
        match one:
            case ast.ClassDef(name=name):
                yield f"{within}{name}", dict(_explained(one.body))
                yield from _classes(one.body, f"{within}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _classes(one.body, f"{within}{name}.<locals>.")


def _explained(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
