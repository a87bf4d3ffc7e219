"""A case on paper: what can be given (`fields`), under which names (`naming`), and how it is drawn (`html`, `pdf`)."""
