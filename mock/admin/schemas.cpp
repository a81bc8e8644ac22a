#include "mock/admin/openapi.h"

namespace counterpart::mock::admin {

namespace {

/// What is said of the mock and of its contracts.
constexpr std::string_view report_schemas = R"({
  "Health": {
    "type": "object",
    "required": ["status", "contracts", "spaces", "seed"],
    "properties": {
      "status": { "const": "ok" },
      "contracts": { "type": "array", "items": { "type": "string" } },
      "spaces": { "type": "integer", "minimum": 0, "description": "Without the unnamed one" },
      "seed": { "type": "integer", "minimum": 0 }
    },
    "additionalProperties": false
  },
  "Contracts": {
    "type": "object",
    "required": ["contracts"],
    "properties": {
      "contracts": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["name", "title", "operations", "scenarios"],
          "properties": {
            "name": { "type": "string" },
            "title": { "type": "string" },
            "operations": { "type": "array", "items": { "$ref": "#/components/schemas/Operation" } },
            "scenarios": { "type": "array", "items": { "$ref": "#/components/schemas/ScenarioSummary" } }
          },
          "additionalProperties": false
        }
      }
    },
    "additionalProperties": false
  },
  "Operation": {
    "type": "object",
    "required": ["id", "summary", "method", "path", "responses"],
    "properties": {
      "id": { "type": "string" },
      "summary": { "type": "string" },
      "method": { "type": "string" },
      "path": { "type": "string" },
      "responses": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["name", "status", "description", "documented"],
          "properties": {
            "name": { "type": "string" },
            "status": { "type": "integer" },
            "description": { "type": "string" },
            "documented": { "type": "boolean", "description": "Whether the source document has it" }
          },
          "additionalProperties": false
        }
      }
    },
    "additionalProperties": false
  },
  "ScenarioSummary": {
    "type": "object",
    "required": ["name", "summary", "steps", "play"],
    "properties": {
      "name": { "type": "string" },
      "summary": { "type": "string" },
      "steps": { "type": "integer", "minimum": 0 },
      "play": { "type": "integer", "minimum": 0, "description": "How many entries its `play` has" }
    },
    "additionalProperties": false
  },
  "Coverage": {
    "type": "object",
    "required": ["covered", "documented", "contracts"],
    "properties": {
      "covered": { "type": "integer", "minimum": 0, "description": "Documented responses that were served" },
      "documented": { "type": "integer", "minimum": 0, "description": "All documented responses" },
      "contracts": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["name", "covered", "documented", "operations"],
          "properties": {
            "name": { "type": "string" },
            "covered": { "type": "integer", "minimum": 0 },
            "documented": { "type": "integer", "minimum": 0 },
            "operations": { "type": "array", "items": { "$ref": "#/components/schemas/OperationCoverage" } }
          },
          "additionalProperties": false
        }
      }
    },
    "additionalProperties": false
  },
  "OperationCoverage": {
    "type": "object",
    "required": ["id", "covered", "documented", "responses"],
    "properties": {
      "id": { "type": "string" },
      "covered": { "type": "integer", "minimum": 0 },
      "documented": { "type": "integer", "minimum": 0 },
      "responses": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["name", "served"],
          "properties": { "name": { "type": "string" }, "served": { "type": "integer", "minimum": 0 } },
          "additionalProperties": false
        }
      }
    },
    "additionalProperties": false
  },
  "Metrics": { "type": "string" },
  "Document": {
    "type": "object",
    "required": ["openapi", "info", "paths"],
    "properties": { "openapi": { "const": "3.1.0" }, "info": { "type": "object" }, "paths": { "type": "object" } }
  }
})";

/// What is said of exchanges.
constexpr std::string_view exchange_schemas = R"({
  "Requests": {
    "type": "object",
    "required": ["total", "dropped", "requests", "next"],
    "properties": {
      "total": { "type": "integer", "minimum": 0, "description": "How many match, on all pages" },
      "dropped": { "type": "integer", "minimum": 0, "description": "How many fell out of the full journal" },
      "requests": { "type": "array", "items": { "$ref": "#/components/schemas/Exchange" } },
      "next": { "type": ["integer", "null"], "description": "`after` for the next page; null: this is the last" }
    },
    "additionalProperties": false
  },
  "Exchange": {
    "type": "object",
    "required": ["id", "at", "real-at", "contract", "operation", "response", "status", "rule", "fault", "unmatched",
                 "violation", "microseconds", "delay-ms", "request", "answer", "near-miss"],
    "properties": {
      "id": { "type": "integer", "minimum": 1 },
      "at": { "type": "string", "description": "By the contract's clock" },
      "real-at": { "type": "string", "format": "date-time", "description": "By the real clock" },
      "contract": { "type": ["string", "null"] },
      "operation": { "type": ["string", "null"] },
      "response": { "type": ["string", "null"], "description": "The contract's name for the answer" },
      "status": { "type": "integer" },
      "rule": { "type": ["string", "null"], "description": "File and line of what chose the response" },
      "fault": { "type": ["string", "null"] },
      "unmatched": { "type": "boolean", "description": "No operation is for it" },
      "violation": { "type": "boolean", "description": "A strict scenario did not await it" },
      "microseconds": { "type": "integer", "minimum": 0, "description": "The answer took, without its delay" },
      "delay-ms": { "type": "integer", "minimum": 0 },
      "request": {
        "type": "object",
        "required": ["method", "target", "headers", "body"],
        "properties": {
          "method": { "type": "string" },
          "target": { "type": "string" },
          "headers": { "$ref": "#/components/schemas/Headers" },
          "body": { "$ref": "#/components/schemas/Body" },
          "body-truncated": { "const": true, "description": "Only the beginning of the body was kept" },
          "body-bytes": { "type": "integer", "description": "How long the whole body was" }
        },
        "additionalProperties": false
      },
      "answer": {
        "type": "object",
        "required": ["headers", "body"],
        "properties": {
          "headers": { "$ref": "#/components/schemas/Headers" },
          "body": { "$ref": "#/components/schemas/Body" },
          "body-truncated": { "const": true, "description": "Only the beginning of the body was kept" },
          "body-bytes": { "type": "integer", "description": "How long the whole body was" }
        },
        "additionalProperties": false
      },
      "near-miss": {
        "type": ["object", "null"],
        "description": "Of an unmatched request: the operation it comes nearest to, and what differs",
        "required": ["operation", "differences"],
        "properties": {
          "operation": { "type": "string" },
          "differences": { "type": "array", "items": { "type": "string" } }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "Headers": {
    "type": "object",
    "description": "By name in lower case; a list where a name came more than once",
    "additionalProperties": { "type": ["string", "array"], "items": { "type": "string" } }
  },
  "Body": { "description": "JSON where the content type says so, else text; null where there is none" },
  "Verified": {
    "type": "object",
    "required": ["verified", "count"],
    "properties": {
      "verified": { "const": true },
      "count": { "type": "integer", "minimum": 0 },
      "dropped": { "type": "integer", "minimum": 1, "description": "The journal was full: so many are not counted" },
      "truncated": { "type": "integer", "minimum": 1,
                     "description": "So many are not counted because only the beginning of their body was kept" }
    },
    "additionalProperties": false
  },
  "NotVerified": {
    "type": "object",
    "required": ["type", "title", "status", "detail", "count", "dropped", "asked", "closest"],
    "properties": {
      "type": { "type": "string" },
      "title": { "type": "string" },
      "status": { "const": 422 },
      "detail": { "type": "string" },
      "count": { "type": "integer", "minimum": 0 },
      "dropped": { "type": "integer", "minimum": 0 },
      "truncated": { "type": "integer", "minimum": 1 },
      "asked": { "type": "object" },
      "closest": {
        "type": "array",
        "maxItems": 5,
        "items": {
          "type": "object",
          "required": ["id", "method", "target", "operation", "status", "differences"],
          "properties": {
            "id": { "type": "integer" },
            "method": { "type": "string" },
            "target": { "type": "string" },
            "operation": { "type": ["string", "null"] },
            "status": { "type": "integer" },
            "differences": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["field", "expected", "found"],
                "properties": { "field": { "type": "string" }, "expected": {}, "found": {} },
                "additionalProperties": false
              }
            }
          },
          "additionalProperties": false
        }
      }
    },
    "additionalProperties": false
  }
})";

/// What is said of a space.
constexpr std::string_view space_schemas = R"({
  "Items": {
    "type": "object",
    "required": ["items"],
    "properties": { "items": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } } },
    "additionalProperties": false
  },
  "Item": { "type": "object" },
  "Clocks": {
    "type": "object",
    "required": ["clocks"],
    "properties": {
      "clocks": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["contract", "now", "ms"],
          "properties": {
            "contract": { "type": "string" },
            "now": { "type": "string", "format": "date-time" },
            "ms": { "type": "integer", "description": "Since 1970-01-01T00:00:00Z" }
          },
          "additionalProperties": false
        }
      }
    },
    "additionalProperties": false
  },
  "Spaces": {
    "type": "object",
    "required": ["spaces", "spaces-max"],
    "properties": {
      "spaces": { "type": "array", "items": { "type": "string" } },
      "spaces-max": { "type": "integer", "minimum": 0 }
    },
    "additionalProperties": false
  },
  "Scenario": {
    "type": "object",
    "required": ["scenario", "strict", "progress"],
    "properties": {
      "scenario": { "type": "array", "items": { "type": "string" } },
      "strict": { "type": "boolean" },
      "progress": {
        "type": "array",
        "description": "How far each strict scenario is",
        "items": {
          "type": "object",
          "required": ["contract", "scenario", "steps", "done"],
          "properties": {
            "contract": { "type": "string" },
            "scenario": { "type": "string" },
            "steps": { "type": "integer", "minimum": 1 },
            "done": { "type": "integer", "minimum": 0 }
          },
          "additionalProperties": false
        }
      }
    },
    "additionalProperties": false
  },
  "Added": {
    "type": "object",
    "required": ["contract", "added"],
    "properties": {
      "contract": { "type": "string" },
      "added": { "type": "integer", "minimum": 0, "description": "How many entries" }
    },
    "additionalProperties": false
  },
  "Problem": {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
      "type": { "type": "string" },
      "title": { "type": "string" },
      "status": { "type": "integer" },
      "detail": { "type": "string" },
      "diagnostics": { "type": "string", "description": "What a loader says, with lines and carets" },
      "paths": { "type": "array", "items": { "type": "string" } }
    },
    "additionalProperties": false
  }
})";

}  // namespace

const Json& schemas() {
  static const Json all = [] {
    Json merged = Json::object();
    for (const std::string_view part : {report_schemas, exchange_schemas, space_schemas}) {
      merged.update(Json::parse(part));
    }
    return merged;
  }();
  return all;
}

}  // namespace counterpart::mock::admin
