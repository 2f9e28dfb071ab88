"""`smartcart admin policies`: the pages that answers quote from."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from connectors.cli.admin.desk import AsJson, open_desk
from connectors.cli.console import errors, output, print_json
from knowledge.errors import InvalidInput
from knowledge.work import Work


def register(admin: typer.Typer) -> None:
    policies = typer.Typer(name="policies", help="Policies of the shop.", no_args_is_help=True)
    policies.command("list")(list_policies)
    policies.command()(load)
    policies.command()(ask)
    admin.add_typer(policies)


def list_policies(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List every section that an answer can quote."""
    with open_desk(context) as desk, desk.read() as work:
        found = work.policies.all()
    if as_json:
        print_json(
            {
                "items": [
                    {
                        "policy": one.policy,
                        "section": one.section,
                        "text": one.text,
                        "source": one.source,
                    }
                    for one in found
                ]
            }
        )
        return
    table = Table("Policy", "Section", "Words", "File")
    for one in found:
        words = str(len(one.text.split()))
        table.add_row(escape(one.policy), escape(one.section), words, escape(one.source))
    output.print(table if found else "There are no policies.")


def load(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder of Markdown files.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Replace all policies by the Markdown files of a folder; headings cut them into sections."""

    def use_case(work: Work) -> int:
        count = work.policies.load(folder)
        work.audit.note("policies.load", None, sections=count)
        return count

    with open_desk(context) as desk:
        if desk.settings.policies is not None:
            errors.print("SMARTCART_POLICIES is set: the next start takes its pages again.")
        count = desk.change(use_case)
    if as_json:
        print_json({"sections": count})
    else:
        output.print(f"{count} sections. Shoppers are answered from them at once.")


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="As a shopper would ask it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show which sections an answer to a question would quote."""
    if not question.strip():
        raise InvalidInput("Ask something, such as: how long can I return things?")
    with open_desk(context) as desk, desk.read() as work:
        found = work.policies.search(question)
    if as_json:
        print_json({"items": [{"policy": one.policy, "section": one.section} for one in found]})
        return
    for one in found:
        output.print(f"[bold]{escape(one.policy)}: {escape(one.section)}[/]\n{escape(one.text)}\n")
    if not found:
        output.print("Nothing fits. Shoppers would be told so.")
