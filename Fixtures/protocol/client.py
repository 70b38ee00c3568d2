#!/usr/bin/env python3
"""Checks the recorded bytes of the sync protocol from its description alone.

Nothing here is shared with the Swift code: it was written from SyncProtocol/README.md, with a protobuf reader of
thirty lines. It needs Python 3.9 and, for signatures, the `cryptography` package. Run it without arguments.
"""
import base64
import hashlib
import json
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parent
MUTATION = "application/vnd.countersign.mutation.v1"

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

checks = 0


def check(what, holds):
    global checks
    checks += 1
    if not holds:
        raise SystemExit(f"does not hold: {what}")


def sha(*slices):
    return hashlib.sha256(b"".join(slices)).digest()


def golden(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


# Protobuf: a list of (field, value), values being numbers or bytes.


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def parse(data):
    fields, at = [], 0
    while at < len(data):
        tag, at = varint(data, at)
        value, at = varint(data, at)
        if tag & 7 == 2:
            value, at = data[at : at + value], at + value
        fields.append((tag >> 3, value))
    return fields


def number_bytes(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def write(fields):
    """Canonical as long as the fields ascend and defaults are left out."""
    out = b""
    for field, value in fields:
        if isinstance(value, int):
            out += number_bytes(field << 3) + number_bytes(value)
        else:
            out += number_bytes(field << 3 | 2) + number_bytes(len(value)) + value
    return out


def get(fields, field, default=b""):
    return next((value for found, value in fields if found == field), default)


def is_canonical(data):
    fields = parse(data)
    return write(fields) == data and [f for f, _ in fields] == sorted(f for f, _ in fields)


# Signatures.


def encoding(payload_type, payload):
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def verify(what, key, signature, message):
    if Ed25519PublicKey is None:
        return
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        check(what, True)
    except InvalidSignature:
        check(what, False)


def check_envelopes():
    values = golden("envelopes")
    raw = {name: bytes.fromhex(value) for name, value in values.items()}
    check("device id", raw["device.id"] == sha(raw["device.public_key"]))
    for name, kind in [("revision", 1), ("reason", 2), ("device_name", 5)]:
        part = raw[f"{name}.part"]
        check(f"{name} kind", part[32] == kind)
        check(f"{name} digest", sha(part) == raw[f"{name}.digest"])
    check("revision content", raw["revision.part"][33:] == raw["revision.content"])
    for name in ["enrolment", "decision", "pause"]:
        envelope = raw[f"{name}.envelope"]
        check(f"{name} canonical", is_canonical(envelope))
        check(f"{name} encoding", encoding(MUTATION, envelope) == raw[f"{name}.pae"])
        check(f"{name} hash", sha(raw[f"{name}.pae"]) == raw[f"{name}.hash"])
        verify(f"{name} signature", raw["device.public_key"], raw[f"{name}.signature"], raw[f"{name}.pae"])
    decision = parse(raw["decision.envelope"])
    check("chain", get(decision, 6) == raw["enrolment.hash"])
    check("first of its lane", get(parse(raw["enrolment.envelope"]), 6) == bytes(32))
    check("safety lane", get(parse(raw["pause.envelope"]), 4, 0) == 0)
    body = get(parse(get(decision, 10)), 22)
    check("reason by digest", get(parse(body), 2) == raw["reason.digest"])
    check("revision by digest", get(parse(get(parse(body), 3)), 3) == raw["revision.digest"])
    if Ed25519PublicKey is not None:
        key = Ed25519PrivateKey.from_private_bytes(raw["device.seed"])
        check("own signature", key.sign(raw["decision.pae"]) == raw["decision.signature"])
    return raw


def check_statements(envelopes):
    values = golden("statements")
    names = [name[: -len(".bytes")] for name in values if name.endswith(".bytes")]
    for name in names:
        payload = bytes.fromhex(values[f"{name}.bytes"])
        check(f"{name} canonical", is_canonical(payload))
        message = encoding(values[f"{name}.payload_type"], payload)
        verify(name, bytes.fromhex(values[f"{name}.signer"]), bytes.fromhex(values[f"{name}.signature"]), message)
    naming = bytes.fromhex(values["root_naming.bytes"])
    check("fingerprint", sha(naming).hex() == values["root.fingerprint"])
    text = values["invitation_code"][len("cs1-") :]
    code = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    check("code's checksum", sha(code[:-4])[:4] == code[-4:])
    check("code's seed", get(parse(code[:-4]), 6) == envelopes["invite.seed"])
    check("code's root", get(parse(code[:-4]), 5).hex() == values["root.fingerprint"])
    return values


def check_ledger(server_key):
    values = golden("ledger")
    leaves = [sha(b"\0", bytes.fromhex(values[f"leaf.{index}.record"])) for index in range(4)]
    for index, leaf in enumerate(leaves):
        check(f"leaf {index}", leaf.hex() == values[f"leaf.{index}.hash"])
    left, right = sha(b"\1", leaves[0], leaves[1]), sha(b"\1", leaves[2], leaves[3])
    root = sha(b"\1", left, right)
    check("roots", [left.hex(), root.hex()] == [values["root.2"], values["root.4"]])
    sibling, uncle = map(bytes.fromhex, values["inclusion.2.of.4"].split())
    check("inclusion", sha(b"\1", uncle, sha(b"\1", leaves[2], sibling)) == root)
    check("consistency", sha(b"\1", left, bytes.fromhex(values["consistency.2.to.4"])) == root)
    text, signatures = values["checkpoint.note"].split("\n\n")
    origin, size, encoded = text.split("\n")
    check("note", size == "4" and base64.b64decode(encoded) == root)
    dash, name, blob = signatures.strip().split(" ")
    blob = base64.b64decode(blob)
    check("key name", dash == "\u2014" and name == origin.split("/")[0])
    check("key hash", blob[:4] == sha(name.encode(), b"\n\1", server_key)[:4])
    verify("checkpoint", server_key, blob[4:], (text + "\n").encode())
    return origin


def check_digest():
    values = golden("digest")

    def field(data):
        return len(data).to_bytes(4, "big") + data

    leaves = [0] * 256
    for row in [10, 12]:
        get_bytes = lambda name: bytes.fromhex(values[f"row.{row}.{name}"])
        kind = int(values[f"row.{row}.kind"]).to_bytes(4, "big")
        item = sha(field(kind), field(get_bytes("id")), field(row.to_bytes(8, "big")), field(get_bytes("payload")))
        check(f"row {row}", item == get_bytes("item_hash"))
        leaf = sha(get_bytes("id"))[0]
        check(f"leaf of row {row}", leaf == int(values[f"row.{row}.leaf"]))
        leaves[leaf] = (leaves[leaf] + int.from_bytes(item, "big")) % (1 << 256)
    check("digest", sha(*[leaf.to_bytes(32, "big") for leaf in leaves]).hex() == values["digest"])


def check_outcomes(envelopes, statements, origin):
    """Rebuilds from the frame what the server signed."""
    frame = get(parse(bytes.fromhex(golden("frames")["server.outcomes.binary"])), 5)
    outcomes = parse(frame)
    receipts = []
    for field, data in outcomes:
        if field != 2:
            continue
        answer = parse(data)
        record = get(answer, 4)
        check("answer is about the decision", get(parse(record), 1) == envelopes["decision.hash"])
        receipt = [(1, get(answer, 1)), (2, envelopes["decision.hash"]), (3, sha(b"\0", record)), (4, get(answer, 2))]
        receipts.append((5, write(receipt)))
    tenant = bytes.fromhex(origin.split("/")[1])
    head = [(1, origin.encode()), (2, tenant), (3, envelopes["device.id"]), (4, get(outcomes, 1))]
    statement = write(head + receipts)
    check("statement", statement.hex() == statements["outcomes.bytes"])
    check("signature", get(outcomes, 3).hex() == statements["outcomes.signature"])


def main():
    envelopes = check_envelopes()
    statements = check_statements(envelopes)
    origin = check_ledger(envelopes["server.public_key"])
    check_digest()
    check_outcomes(envelopes, statements, origin)
    canonical = golden("canonical")
    for name, value in canonical.items():
        check(f"{name} canonical", is_canonical(bytes.fromhex(value)))
    note = "" if Ed25519PublicKey else " (without signatures: the cryptography package is not installed)"
    print(f"{checks} checks hold{note}")


if __name__ == "__main__":
    main()
