"""An echo function."""


def echo(event, _context):
    return event
