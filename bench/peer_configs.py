"""Writes the same documented responses as each other mock reads them. Used by peers.py."""

import json
from dataclasses import dataclass

import contracts


@dataclass(frozen=True)
class Stub:
    """One documented response, on a path of its own."""

    name: str
    path: str
    body: str


def stubs(count):
    """What contracts.write_operations documents, for those that do not read our contracts."""
    shared = {"name": "A thing", "price": 1250, "tags": ["small", "blue"]}
    return [
        Stub(name, contracts.on_its_path(name)[1], json.dumps({"id": name, **shared}, separators=(",", ":")))
        for name in map(contracts.operation_name, range(count))
    ]


def wiremock_config(documented, _):
    return {
        "mappings": [
            {
                "request": {"method": "GET", "urlPath": stub.path},
                "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": stub.body},
            }
            for stub in documented
        ]
    }


def mountebank_config(documented, port):
    # Unless it is told otherwise, it closes the connection after each answer.
    headers = {"Content-Type": "application/json", "Connection": "Keep-Alive"}
    answering = [
        {
            "predicates": [{"equals": {"method": "GET", "path": stub.path}}],
            "responses": [{"is": {"statusCode": 200, "headers": headers, "body": stub.body}}],
        }
        for stub in documented
    ]
    return {"imposters": [{"port": port, "host": "127.0.0.1", "protocol": "http", "stubs": answering}]}


def prism_config(documented, _):
    def operation(stub):
        content = {"application/json": {"example": json.loads(stub.body)}}
        return {"get": {"operationId": stub.name, "responses": {"200": {"description": "Found", "content": content}}}}

    return {
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": {stub.path: operation(stub) for stub in documented},
    }


def mockoon_config(documented, port):
    def identifier(index):
        return f"00000000-0000-4000-8000-{index:012d}"

    def route(index, stub):
        answer = {
            "uuid": identifier(2 * index + 1),
            "default": True,
            "statusCode": 200,
            "headers": [{"key": "Content-Type", "value": "application/json"}],
            "body": stub.body,
            "disableTemplating": True,
        }
        endpoint = {"method": "get", "endpoint": stub.path.removeprefix("/")}
        return {"uuid": identifier(2 * index), "type": "http", **endpoint, "responses": [answer]}

    routes = [route(index, stub) for index, stub in enumerate(documented, 1)]
    return {
        "uuid": identifier(0),
        "lastMigration": 33,
        "name": "things",
        "port": port,
        "hostname": "127.0.0.1",
        "cors": False,
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": one["uuid"]} for one in routes],
    }
