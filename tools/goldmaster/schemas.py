"""Schemas of tables that between them have everything that SSTables can hold."""

from __future__ import annotations

from itertools import chain, islice, repeat

from tools.goldmaster.case import KEYSPACE
from tools.goldmaster.draft import Draft, GeneratedColumn, GeneratedSchema
from tools.goldmaster.recipes import Recipe, mixed, recipes
from tools.goldmaster.values import Value

__all__ = ["KEYSPACE", "GeneratedColumn", "GeneratedSchema", "Value", "generate"]


def generate(seed: int, count: int, keyspace: str = KEYSPACE) -> list[GeneratedSchema]:
    """Unique tables of one keyspace, the same ones for the same seed.

    First come those that each aim at something, in a fixed order, then random ones; so a
    larger ``count`` adds to what a smaller one gives. All of what is aimed at takes about 120.

    Statements are parsed by the generated parser of CQL; a schema's ``schema`` is what that
    made of them. Table names are like ``s007_date``, names of types begin with the table's
    or are used by one table only, so all of them can be made in one keyspace.

    Args:
        seed: for types and values that are chosen at random.
        count: how many.
        keyspace: a lower-case name.

    Raises:
        SchemaError: a statement does not parse, which is an error in here.
    """
    wanted = chain(recipes(), repeat(Recipe("mixed", mixed)))
    return [
        _make(index, recipe, seed, keyspace) for index, recipe in enumerate(islice(wanted, count))
    ]


def _make(index: int, recipe: Recipe, seed: int, keyspace: str) -> GeneratedSchema:
    name = f"s{index:03}_{recipe.name}"
    draft = Draft(keyspace, name, f"{seed}:{name}")
    recipe.fill(draft)
    return draft.finish()
