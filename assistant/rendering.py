"""Templates to messages: the Jinja2 side of the library, imported only when a prompt is rendered.

A template gives its messages as blocks: `system`, then `user`; a longer exchange
goes on with `assistant_2`, `user_3` and so on, in the order of the numbers.
Values (the sentence, a model's files) are data: they are never compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast, get_args

from jinja2 import (
    BaseLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    meta,
    nodes,
)
from jinja2.loaders import split_template_path
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.errors import RecipeError
from assistant.prompt import ChatRole, Message
from evaluators.answer import render
from evaluators.draft import Artifact, Draft

STANDARD = frozenset({"brief", "turn", "recipe", "proved", "stack", "reference"})
"""Variables that every template may use without declaring them."""

SHIPPED = "shipped/"
"""A template name with this prefix is looked for in the first folder alone, so that an override can extend ours."""

_MESSAGE = re.compile(r"^(system|user|assistant)(?:_([0-9]+))?$")


def slug(value: object) -> str:
    """A value as a file's name: `Spring Boot` is `spring-boot`, `OAuth 2.0` is `oauth-2-0`."""
    return re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-") or "none"


def fences(artifacts: Iterable[Artifact]) -> str:
    """Artifacts as fenced blocks in the format that answers are asked for, path on the fence."""
    return render(Draft(tuple(artifacts))).rstrip("\n")


class FolderLoader(BaseLoader):
    """Looks a template up in folders, the last first."""

    def __init__(self, folders: tuple[Traversable, ...]) -> None:
        self.folders = folders

    def find(self, name: str) -> Traversable | None:
        """The file of the template `name`, or None. `..` and absolute names are never found."""
        folders = self.folders[::-1]
        if name.startswith(SHIPPED):
            name, folders = name.removeprefix(SHIPPED), self.folders[:1]
        try:
            parts = split_template_path(name)
        except TemplateNotFound:
            return None
        candidates = ((folder, folder.joinpath(*parts)) for folder in folders)
        return next((file for folder, file in candidates if file.is_file() and _inside(folder, file)), None)

    def get_source(self, environment: object, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Read a template; raises TemplateNotFound, and RecipeError for bytes that are not UTF-8."""
        file = self.find(template)
        if file is None:
            raise TemplateNotFound(template)
        try:
            source = file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise RecipeError(f"{file}:1: not UTF-8", "save the template as UTF-8") from error
        except OSError as error:
            raise RecipeError(f"{file}:1: cannot be read ({error.strerror})") from error
        return source, str(file), None

    def names(self, prefix: str) -> list[str]:
        """Names of the templates directly in the folder `prefix` (`parts/frameworks/`), sorted."""
        found: set[str] = set()
        for folder in self.folders:
            place = folder.joinpath(*[part for part in prefix.split("/") if part])
            if place.is_dir():
                found.update(prefix + entry.name for entry in place.iterdir() if entry.name.endswith(".j2"))
        return sorted(found)


def _inside(folder: Traversable, file: Traversable) -> bool:
    """False for a link that leaves its folder: a project's part must not read the user's files into a prompt."""
    if isinstance(folder, Path) and isinstance(file, Path):
        return file.resolve().is_relative_to(folder.resolve())
    return True


@dataclass
class Used:
    """Which templates a rendering took, and which it looked for in vain."""

    parts: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


_used: ContextVar[Used | None] = ContextVar("used", default=None)


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, noting each template that is asked for."""

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: Any = None
    ) -> Template:  # the parameter's name is Jinja2's
        used = _used.get()
        try:
            template = super().get_template(name, parent, globals)
        except TemplateNotFound:
            if used is not None and str(name) not in used.missing:
                used.missing.append(str(name))
            raise
        if used is not None and template.name and template.name not in used.parts:
            used.parts.append(template.name)
        return template


class Renderer:
    """Renders and checks the templates of some folders; later folders override earlier ones."""

    def __init__(self, folders: tuple[Traversable, ...]) -> None:
        self.loader = FolderLoader(folders)
        self.environment = _Environment(
            loader=self.loader,
            undefined=StrictUndefined,
            autoescape=False,  # the output is text for a model, not HTML
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.environment.filters.update(slug=slug, fences=fences)

    def messages(self, name: str, values: Mapping[str, object]) -> tuple[tuple[Message, ...], Used]:
        """The messages of the template `name`, and which parts it took.

        Raises:
            RecipeError: with file and line, for whatever the template does wrong.
        """
        used = Used()
        token = _used.set(used)
        try:
            template = self.environment.get_template(name)
            context = template.new_context(dict(values))
            # The root runs first: it follows `extends`, after which the context knows every block.
            for _ in template.root_render_func(context):
                pass
            blocks = {
                block: "".join(found[0](context)) for block, found in context.blocks.items() if _MESSAGE.match(block)
            }
        except TemplateError as error:
            raise self._explained(name, error) from error
        except RecursionError as error:
            raise RecipeError(f"{self._file(name)}:1: templates include each other without end") from error
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise RecipeError(f"{self._place(name, error)}: {error}", "mend the template") from error
        finally:
            _used.reset(token)
        ordered = sorted(blocks, key=_order)
        messages = tuple(Message(_role(block), blocks[block].strip()) for block in ordered if blocks[block].strip())
        if not any(message.role == "user" for message in messages):
            raise RecipeError(
                f"{self._file(name)}:1: no message for the model", "put the request into {% block user %}"
            )
        return messages, used

    def check(self, name: str, declared: frozenset[str]) -> tuple[str, ...]:
        """Compile `name` and whatever it reaches; the names reached, sorted.

        Raises:
            RecipeError: a syntax error, a missing part, or a variable that nobody declared.
        """
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current in reached:
                continue
            reached.add(current)
            tree = self._tree(current)
            unknown = sorted(meta.find_undeclared_variables(tree) - declared - STANDARD)
            if unknown:
                line = next((n.lineno for n in tree.find_all(nodes.Name) if n.name == unknown[0]), 1)
                raise RecipeError(
                    f"{self._file(current)}:{line}: the variable {unknown[0]!r} is not declared",
                    "add it to `variables` in recipe.toml",
                )
            waiting.extend(self._references(current, tree))
        return tuple(sorted(reached))

    def _tree(self, name: str) -> nodes.Template:
        try:
            return self.environment.parse(self.loader.get_source(self.environment, name)[0], name)
        except TemplateError as error:
            raise self._explained(name, error) from error

    def _references(self, name: str, tree: nodes.Template) -> Iterator[str]:
        """Templates that `tree` includes or extends; for a computed name, all that its constant start can mean."""
        for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
            target = cast(nodes.Expr, getattr(node, "template"))  # noqa: B009  typed Any per node class
            optional = bool(getattr(node, "ignore_missing", False))
            if isinstance(target, nodes.Const) and isinstance(target.value, str):
                if self.loader.find(target.value) is not None:
                    yield target.value
                elif not optional:
                    raise RecipeError(f"{self._file(name)}:{node.lineno}: there is no part {target.value!r}")
            elif isinstance(target, nodes.Concat) and isinstance(target.nodes[0], nodes.Const):
                prefix = str(target.nodes[0].value)
                if not prefix.endswith("/"):
                    raise RecipeError(
                        f"{self._file(name)}:{node.lineno}: a computed name starts with a folder, not {prefix!r}"
                    )
                yield from self.loader.names(prefix)
            else:
                raise RecipeError(
                    f"{self._file(name)}:{node.lineno}: this name cannot be checked",
                    'write "parts/FOLDER/" ~ value ~ ".md.j2"',
                )

    def _file(self, name: str) -> str:
        return str(self.loader.find(name) or name)

    def _explained(self, name: str, error: TemplateError) -> RecipeError:
        if isinstance(error, TemplateSyntaxError):
            return RecipeError(f"{self._file(error.name or name)}:{error.lineno}: {error.message}")
        if isinstance(error, TemplateNotFound):
            return RecipeError(f"{self._place(name, error)}: there is no template {str(error)!r}")
        return RecipeError(f"{self._place(name, error)}: {error.message}")

    def _place(self, name: str, error: BaseException) -> str:
        """FILE:LINE of the innermost template in a traceback."""
        place = f"{self._file(name)}:1"
        step = error.__traceback__
        while step is not None:
            template = step.tb_frame.f_globals.get("__jinja_template__")
            if isinstance(template, Template):
                place = f"{template.filename}:{template.get_corresponding_lineno(step.tb_lineno)}"
            step = step.tb_next
        return place


def _order(block: str) -> tuple[int, int]:
    found = _MESSAGE.match(block)
    number = int(found[2]) if found and found[2] else 1
    return (0 if block.startswith("system") else 1, number)


def _role(block: str) -> ChatRole:
    role = block.partition("_")[0]
    if role not in get_args(ChatRole):
        raise ValueError(block)
    return cast(ChatRole, role)
