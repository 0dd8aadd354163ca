"""Links between cases: `state` and `decide`; `merge` and `solutions`; `new_cases` asks for parts,
follow-ups and problems; `inter_case` makes the requests that one case sends to another."""
