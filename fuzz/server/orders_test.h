#pragma once
/// For tests: a contract whose requests have bodies.

#include "conformance/test_suite.h"

namespace counterpart::fuzz::server {

inline constexpr const char* orders_contract = R"yaml(counterpart: 1
name: orders
clock: 2024-01-01T00:00:00Z
state:
  orders: { key: id, items: [{ id: 1, name: one, width: 2 }] }
operations:
  list:
    request: { method: GET, path: /orders, query: { limit: { type: integer, minimum: 1, maximum: 10, default: 5 } } }
    rules: [{ when: "#invalid > 0", respond: refused }, { respond: listed }]
    responses:
      listed:
        status: 200
        body: { orders: { $map: orders, each(o): { id: "${o.id}", name: "${o.name}", width: "${o.width}" } } }
      refused: &refused { status: 422, body: { error: invalid } }
  place:
    request:
      method: POST
      path: /orders
      body:
        required: true
        content:
          application/json:
            type: object
            required: [name, box]
            additionalProperties: false
            properties:
              name: { type: string, minLength: 1, maxLength: 8 }
              note: { type: string, maxLength: 5 }
              box: { type: object, required: [width], properties: { width: { type: integer, minimum: 1, maximum: 10 } } }
    rules:
      - { when: "#invalid > 0", respond: refused }
      - { do: "added = orders:insert{ id = #orders + 1, name = body.name, width = body.box.width }", respond: placed }
    responses:
      placed: { status: 201, body: { id: "${added.id}", name: "${added.name}" } }
      refused: *refused
  clear:
    destructive: true
    request: { method: DELETE, path: /orders }
    rules: [{ do: "orders:remove_if(function() return true end)", respond: cleared }]
    responses:
      cleared: { status: 204 }
)yaml";

inline std::unique_ptr<conformance::Suite> orders() {
  return conformance::suite_of(conformance::ContractFolder(orders_contract));
}

}  // namespace counterpart::fuzz::server
