#!/usr/bin/env python3
"""A session with `according mcp`, by the protocol's own client for Python.

usage: mcp_check.py ACCORDING CORPUS

Speaks the newest revision and the one that begins with a handshake, lists the tools, calls each,
and checks that answers quote their evidence or say that they cannot tell. The client is
installed into target/bench at the first run.
"""
import asyncio, subprocess, sys, venv
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / "target/bench/mcp"
PACKAGE = "mcp==2.3.0"
TEXT = "Mayor Ada Lund said on Monday that the bridge was closed."


async def session(exe, corpus, mode):
    import os
    from mcp import StdioServerParameters, stdio_client
    from mcp.client.client import Client

    server = StdioServerParameters(command=exe, args=["mcp", "--corpus", corpus], env=dict(os.environ))
    async with Client(stdio_client(server), mode=mode) as client:
        version = client.protocol_version
        tools = (await client.list_tools()).tools
        assert {"read_text", "search", "trace_claim", "list_origins", "list_sources",
                "get_article"} == {tool.name for tool in tools}
        for tool in tools:
            assert tool.description and tool.input_schema["type"] == "object"

        async def call(name, **arguments):
            result = await client.call_tool(name, arguments)
            assert not result.is_error, result
            assert result.structured_content["status"] in ("found", "cannot-tell")
            return result.structured_content

        read = await call("read_text", text=TEXT)
        for claim in read["claims"]:
            for quote in claim["evidence"]:
                assert TEXT[quote["start"]:quote["end"]] == quote["quote"]
        assert read["claims"][0]["speaker"] == "Ada Lund"
        origins = await call("list_origins")
        traced = await call("trace_claim", claim=origins["claims"][0]["claim"])
        assert all(s["evidence"][0]["quote"] for s in traced["supports"])
        found = await call("search", words=traced["statement"].split()[-1].strip(".,”"))
        article = await call("get_article", article=traced["first_article"])
        assert article["claims"][0]["evidence"]
        assert (await call("list_sources"))["sources"][0]["example"]
        nothing = await call("search", words="zeppelinous")
        assert nothing["status"] == "cannot-tell" and "articles" not in nothing
        wrong = await client.call_tool("search", {"limit": 1000})
        assert wrong.is_error
        print(f"{version}: {len(tools)} tools, "
              f"{len(read['claims'])} claims read, {len(traced['supports'])} supports traced, "
              f"{found['status']} by words")


def main():
    python = HOME / "bin/python"
    if sys.argv[1] == "--check":
        for mode in ("auto", "legacy"):
            asyncio.run(asyncio.wait_for(session(sys.argv[2], sys.argv[3], mode), 120))
        return
    if not python.exists():
        venv.create(HOME, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PACKAGE], check=True)
    sys.exit(subprocess.run([python, __file__, "--check", *sys.argv[1:]]).returncode)


if __name__ == "__main__":
    main()
