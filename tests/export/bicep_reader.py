"""Reads Bicep as another program's grammar sees it, and works out what a deployment would send."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import tree_sitter
import tree_sitter_bicep
from tree_sitter import Node

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bicep.language()))
ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|(.))", re.DOTALL)
MEANT = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", "$": "$"}
"""The escapes that the compiler's lexer knows beside ``\\u{...}``."""


def parsed(text: str) -> Node:
    """The file's tree. Fails where the grammar finds an error."""
    root = PARSER.parse(text.encode()).root_node
    assert not root.has_error, text
    return root


def plain(node: Node) -> str:
    return (node.text or b"").decode()


@dataclass
class Declared:
    """One declaration: its name, what stands after its keyword in quotes, and the object that it is."""

    name: str
    type: str
    existing: bool
    condition: Node | None
    body: Node

    @cached_property
    def parts(self) -> dict[str, Node]:
        """The values of the object by property."""
        by_name = {}
        for child in self.body.named_children:
            key, value = child.named_children
            by_name[plain(key).strip("'")] = value
        return by_name

    @property
    def names(self) -> set[str]:
        """Every name used in it."""
        return used_names(self.body) | (used_names(self.condition) if self.condition else set())


@dataclass
class BicepReading:
    """One file: parameters by name with the tree of their defaults, variables, resources, modules and outputs."""

    parameters: dict[str, Node | None] = field(default_factory=dict)
    variables: dict[str, Node] = field(default_factory=dict)
    resources: dict[str, Declared] = field(default_factory=dict)
    modules: dict[str, Declared] = field(default_factory=dict)
    outputs: dict[str, Node] = field(default_factory=dict)


def read(text: str) -> BicepReading:
    """What a file declares."""
    matches = BicepReading()
    for node in parsed(text).named_children:
        name = next((plain(child) for child in node.named_children if child.type == "identifier"), "")
        last = node.named_children[-1] if node.named_children else node
        match node.type:
            case "parameter_declaration":
                matches.parameters[name] = last if any(child.type == "=" for child in node.children) else None
            case "variable_declaration":
                matches.variables[name] = last
            case "resource_declaration":
                assert name not in matches.resources
                matches.resources[name] = declared(node, name, last)
            case "module_declaration":
                matches.modules[name] = declared(node, name, last)
            case "output_declaration":
                matches.outputs[name] = last
    return matches


def declared(node: Node, name: str, last: Node) -> Declared:
    type_ = next(child for child in node.named_children if child.type == "string")
    existing = any(child.type == "existing" for child in node.children)
    condition, body = last.named_children if last.type == "if_statement" else (None, last)
    return Declared(name, text_of(type_), existing, condition, body)


def used_names(node: Node) -> set[str]:
    """The names of resources and parameters in a tree; keys and functions are none."""
    if node.type == "object_property":
        key, value = node.named_children
        return used_names(value) | (used_names(key) if key.type == "string" else set())
    if node.type == "call_expression" and node.named_children[0].type == "identifier":
        return {name for child in node.named_children[1:] for name in used_names(child)}
    if node.type == "identifier":
        return {plain(node)}
    return {name for child in node.named_children for name in used_names(child)}


def text_of(node: Node) -> str:
    """The text that a literal without expressions stands for."""
    assert node.type == "string" and not any(child.type == "interpolation" for child in node.named_children)
    return unescaped(plain(node)[1:-1])


def unescaped(text: str) -> str:
    """Literal text as the compiler's lexer reads it; anything else after a backslash is an error there."""
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else MEANT[match[2]], text)


@dataclass
class Evaluation:
    """Works out values as a deployment would.

    :param known: what Azure answers, by the expression that asks for it.
    """

    known: Mapping[str, Any]

    def __call__(self, node: Node) -> Any:
        """The value of a tree. Fails at an expression that nothing is known of."""
        if plain(node) in self.known:
            return self.known[plain(node)]
        match node.type:
            case "string":
                return self._text(node)
            case "number":
                return int(plain(node))
            case "boolean":
                return plain(node) == "true"
            case "null":
                return None
            case "array":
                return self._items(node.named_children)
            case "object":
                pairs = (child.named_children for child in node.named_children)
                return {self._text(key) if key.type == "string" else plain(key): self(value) for key, value in pairs}
            case "parenthesized_expression":
                return self(node.named_children[0])
            case "unary_expression":
                return not self(node.named_children[0])
            case "ternary_expression":
                condition, yes, no = node.named_children
                return self(yes if self(condition) else no)
            case "binary_expression":
                left, right = node.named_children
                return self(left) == self(right) if plain(node.children[1]) == "==" else self(left) and self(right)
            case "call_expression":
                return self._called(plain(node.named_children[0]), [self(child) for child in node.named_children[1].named_children])
        raise AssertionError(f"nothing is known of {plain(node)}")

    def _items(self, nodes: list[Node]) -> list[Any]:
        """A list's items. The grammar sees no end of a line there, and so a call as a name and what follows in parentheses."""
        items, rest = [], list(nodes)
        while rest:
            node = rest.pop(0)
            if rest and node.type == "identifier" and rest[0].start_byte == node.end_byte:
                items.append(self._called(plain(node), [self(child) for child in rest.pop(0).named_children]))
            else:
                items.append(self(node))
        return items

    def _text(self, node: Node) -> str:
        found, at = "", node.start_byte + 1
        for hole in [child for child in node.named_children if child.type == "interpolation"]:
            begin = hole.children[0].end_byte - len("${")  # to the grammar, blanks before belong to it
            found += self._literal(node, at, begin) + str(self(hole.named_children[0]))
            at = hole.end_byte
        return found + self._literal(node, at, node.end_byte - 1)

    def _literal(self, node: Node, start: int, end: int) -> str:
        return unescaped((node.text or b"")[start - node.start_byte : end - node.start_byte].decode())

    def _called(self, name: str, arguments: list[Any]) -> Any:
        match name:
            case "json":
                return json.loads(arguments[0])
            case "empty":
                return not arguments[0]
            case "toLower":
                return arguments[0].lower()
            case "guid":
                return f"guid({', '.join(arguments)})"
            case "subscriptionResourceId":
                return f"{self.known['subscription().id']}/providers/{arguments[0]}/{arguments[1]}"
        raise AssertionError(f"nothing is known of {name}()")
