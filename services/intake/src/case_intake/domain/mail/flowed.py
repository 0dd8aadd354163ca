"""Text of format=flowed (RFC 3676)."""


def unflowed(text: str, delete_space: bool) -> str:
    """Text of format=flowed (RFC 3676) with its soft line breaks undone."""
    lines: list[str] = []
    paragraph: list[str] = []
    depth = -1
    for line in text.split("\n"):
        body = line.lstrip(">")
        new_depth = len(line) - len(body)
        body = body.removeprefix(" ")
        is_soft = body.endswith(" ") and body != "-- "
        if paragraph and (new_depth != depth or body == "-- "):
            lines.append(_quoted(paragraph, depth))
            paragraph = []
        depth = new_depth
        paragraph.append(body[:-1] if is_soft and delete_space else body)
        if not is_soft:
            lines.append(_quoted(paragraph, depth))
            paragraph = []
    if paragraph:
        lines.append(_quoted(paragraph, depth))
    return "\n".join(lines)


def _quoted(paragraph: list[str], depth: int) -> str:
    return (">" * depth + " " if depth else "") + "".join(paragraph)
