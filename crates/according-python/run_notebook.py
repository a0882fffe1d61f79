#!/usr/bin/env python3
"""Runs a notebook from top to bottom, by a kernel of this Python; an error ends it.

usage: run_notebook.py NOTEBOOK
"""
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def main():
    path = Path(sys.argv[1])
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3",
                            resources={"metadata": {"path": str(path.parent)}})
    client.execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = sum("text/html" in output.get("data", {}) for cell in cells for output in cell.outputs)
    print(f"{path}: {len(cells)} cells ran, {shown} showed a page or table")


if __name__ == "__main__":
    main()
