"""What the commands about tickets have in common."""

import typer

Desk = typer.Option(
    None, "--desk", help="The desk's id in site.yml; not needed where there is one desk.", show_default=False
)
Member = typer.Option(
    None, "--as", help="The name you log in with; not needed where a desk has one member.", show_default=False
)
Ticket = typer.Argument(..., help="The ticket's id, or the start of it.", show_default=False)
