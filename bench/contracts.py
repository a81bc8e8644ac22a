"""Writes the contracts that are too large to keep: thousands of operations, a million sessions. Used by measurements.py."""

import random
import re

from processes import NotMeasured

OPERATION = """\
  {name}:
    request: {request}
    rules: [{{ respond: found }}]
    responses:
      found: {{ status: 200, description: Found, body: {{ id: {name}, name: A thing, price: 1250, tags: [small, blue] }} }}
"""


def operation_name(index):
    return f"thing{index:05d}"


def on_its_path(name):
    """Each operation on a path of its own: its request in the contract, and as a target."""
    return f"{{ method: GET, path: /things/{name} }}", f"/things/{name}"


def on_one_path(name):
    """All on one path, told apart by the query's `type`."""
    return (
        f"{{ method: GET, path: /things, query: {{ type: {{ required: true, const: {name} }} }} }}",
        f"/things?type={name}",
    )


def write_operations(folder, count, placed):
    """A contract with `count` operations of one shape, `placed` by one of the functions above."""
    folder.mkdir()
    with open(folder / "contract.yaml", "w", encoding="utf-8") as file:
        file.write(f"counterpart: 1\nname: {folder.name}\ntitle: {count} operations of one shape\noperations:\n")
        for name in map(operation_name, range(count)):
            file.write(OPERATION.format(name=name, request=placed(name)[0]))
    return folder


def write_targets(file, count, placed, lines):
    """`lines` requests over `count` operations, shuffled, each with a number of its own.

    The number makes every line differ, so that going through them costs the client the same for any `count`.
    """
    order = [placed(operation_name(i % count))[1] for i in range(lines)]
    random.Random(1).shuffle(order)
    file.write_text("".join(f"GET\t{target}\tX-Number: {i:05d}\n" for i, target in enumerate(order)))
    return file


def write_with_state(folder, contract_file, state):
    """The contract, whose `state:` is replaced by the YAML text `state`."""
    if not contract_file.is_file():
        raise NotMeasured(f"there is no {contract_file}")
    text = contract_file.read_text(encoding="utf-8")
    replaced, count = re.subn(r"^state:.*?(?=^[^\s#])", lambda _: state + "\n", text, count=1, flags=re.M | re.S)
    if not count:
        raise NotMeasured(f"{contract_file} has no state to replace")
    folder.mkdir()
    (folder / "contract.yaml").write_text(replaced, encoding="utf-8")
    return folder


# The panel's collections, with accounts that have `each` sessions; all current at the contract's clock.
PANEL_STATE = """\
state:
  accounts:
    key: apiKey
    items:
      $map: range({accounts})
      each(i): {{ apiKey: '${{string.format("account_%04d", i)}}', currentToken: null }}
  sessions:
    key: token
    index: [apiKey]
    order: issuedAt
    expires: expiresAtTimestamp
    items:
      $map: range({sessions})
      each(i):
        token: ${{string.format("session_%04d_%07d", (i - 1) // {each} + 1, (i - 1) % {each} + 1)}}
        issuedAt: ${{iso(epoch_ms("2024-03-01T00:00:00Z") + i * 1000)}}
        expiresAt: ${{iso(epoch_ms("2024-03-31T00:00:00Z") + i * 1000)}}
        expiresAtTimestamp: ${{epoch_ms("2024-03-31T00:00:00Z") + i * 1000}}
        ipAddress: 10.0.0.1
        userAgent: curl/8.5.0
        browser: curl
        os: Linux
        device: Server
        lastSeenAt: "2024-03-15T12:00:00.000Z"
        firstSeenAt: "2024-03-01T00:00:00.000Z"
        fingerprint: null
        apiKey: ${{string.format("account_%04d", (i - 1) // {each} + 1)}}
"""


def account_key(account):
    return f"account_{account:04d}"


def session_token(account, session):
    return f"session_{account:04d}_{session:07d}"


def panel_state(accounts, each):
    return PANEL_STATE.format(accounts=accounts, each=each, sessions=accounts * each)
