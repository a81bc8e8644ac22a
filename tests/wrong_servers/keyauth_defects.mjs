// The ways in which keyauth.mjs can be wrong, by name; each changes one thing of a Seller. Those that begin with
// "other-" are as right as the original, and must not be taken for wrong; those with "choice-" answer something else
// where the documents leave it open. keyauth.expected.json says what is to be found.

/// Sends the answers `names` with another body, made by `written` of the answer.
function rewrite(seller, names, written) {
  const honest = seller.written;
  seller.written = (answer) => (names.includes(answer.name) ? written(answer) : honest.call(seller, answer));
}

function retype(seller, names, type) {
  const honest = seller.contentType;
  seller.contentType = (answer) => (names.includes(answer.name) ? type : honest.call(seller, answer));
}

/// Shows sessions as `change` makes of them.
function reshow(seller, change) {
  const honest = seller.shown;
  seller.shown = (session) => change(honest.call(seller, session), session);
}

const htmlPage = '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Not Found</h1></body></html>';

const table = {
  none: () => {},

  // ---------------------------------------------------------------- statuses
  'killed-is-201': (seller) => {
    seller.answers.killed.status = 201;
  },
  'unknown-key-is-401': (seller) => {
    seller.answers.keyNotFound.status = 401;
  },
  'unknown-key-is-200': (seller) => {
    seller.answers.keyNotFound.status = 200;
  },
  'free-plan-is-500': (seller) => {
    seller.answers.notAuthorized = { status: 500, body: { message: 'Internal Server Error' } };
  },
  'free-plan-is-not-found': (seller) => {
    seller.answers.notAuthorized = seller.answers.keyNotFound;
  },

  // ---------------------------------------------------------------- what is printed
  'not-found-message-altered': (seller) => {
    seller.answers.keyNotFound.body.message = 'Seller key not found';
  },
  'killed-message-altered': (seller) => {
    seller.answers.killed.body.message = 'Session killed!';
  },
  'kill-all-says-killed': (seller) => {
    seller.answers.allKilled.body.message = seller.answers.killed.body.message;
  },
  'success-is-text': (seller) => {
    seller.answers.killed.body.success = 'true';
  },
  'list-message-missing': (seller) => {
    delete seller.answers.retrieved.body.message;
  },
  'killed-has-a-field-more': (seller) => {
    seller.answers.killed.body.sessid = 'killed';
  },

  // ---------------------------------------------------------------- sessions as they are shown
  'session-without-validated': (seller) => reshow(seller, ({ validated, ...rest }) => rest),
  'session-with-sellerkey': (seller) => reshow(seller, (shown, { sellerkey }) => ({ ...shown, sellerkey })),
  'validated-is-a-number': (seller) => reshow(seller, (shown) => ({ ...shown, validated: Number(shown.validated) })),
  'null-is-left-out': (seller) =>
    reshow(seller, (shown) => Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null))),
  'null-is-empty-text': (seller) => reshow(seller, (shown) => ({ ...shown, credential: shown.credential ?? '' })),

  // ---------------------------------------------------------------- what is done
  'kill-does-nothing': (seller) => {
    seller.kill = (key, id) => seller.list(key).some((session) => session.id === id);
  },
  'kill-kills-all': (seller) => {
    const honest = seller.kill;
    seller.kill = (key, id) => {
      const killed = honest.call(seller, key, id);
      if (killed) seller.killAll(key);
      return killed;
    };
  },
  'kill-kills-anybodys': (seller) => {
    seller.kill = (_key, id) => {
      const before = seller.sessions.length;
      seller.sessions = seller.sessions.filter((session) => session.id !== id);
      return seller.sessions.length < before;
    };
  },
  'kill-kills-anybodys-in-silence': (seller) => {
    seller.kill = (key, id) => {
      const own = seller.list(key).some((session) => session.id === id);
      seller.sessions = seller.sessions.filter((session) => session.id !== id);
      return own;
    };
  },
  'kill-always-succeeds': (seller) => {
    const honest = seller.kill;
    seller.kill = (key, id) => {
      honest.call(seller, key, id);
      return true;
    };
  },
  'kill-of-nothing-kills-the-first': (seller) => {
    const honest = seller.kill;
    seller.kill = (key, id) => honest.call(seller, key, id || seller.list(key)[0]?.id);
  },
  'kill-all-does-nothing': (seller) => {
    seller.killAll = () => {};
  },
  'kill-all-leaves-one': (seller) => {
    seller.killAll = (key) => {
      const kept = seller.list(key)[0];
      seller.sessions = seller.sessions.filter((session) => session.sellerkey !== key || session === kept);
    };
  },
  'kill-all-kills-everybodys': (seller) => {
    seller.killAll = () => {
      seller.sessions = [];
    };
  },
  'list-shows-everybodys': (seller) => {
    seller.list = () => seller.sessions;
  },
  'list-is-empty': (seller) => {
    seller.list = () => [];
  },
  'second-list-is-reversed': (seller) => {
    const honest = seller.list;
    seller.list = (key) => {
      const list = honest.call(seller, key);
      return ++seller.reads % 2 === 0 ? list.reverse() : list;
    };
  },

  // ---------------------------------------------------------------- who may
  'free-plan-is-served': (seller) => {
    seller.mayUse = () => true;
  },
  'unknown-key-is-served': (seller) => {
    const honest = seller.application;
    seller.application = (key) => honest.call(seller, key) ?? (key ? { plan: 'seller' } : undefined);
  },
  'no-key-is-served': (seller) => {
    seller.key = (sent) => sent ?? 'sellerkeyhere';
  },

  // ---------------------------------------------------------------- requests
  'no-type-lists': (seller) => {
    seller.type = (sent) => sent || 'fetchallsessions';
  },
  'any-method-is-served': (seller) => {
    const honest = seller.route;
    seller.route = (_method, url) => honest.call(seller, 'GET', url);
  },
  'wrong-method-without-allow': (seller) => {
    delete seller.answers.wrongMethod.headers;
  },

  // ---------------------------------------------------------------- bytes
  'everything-is-html': (seller) => {
    seller.contentType = () => 'text/html; charset=UTF-8';
  },
  'list-is-text': (seller) => retype(seller, ['retrieved'], 'text/plain'),
  'killed-has-no-type': (seller) => {
    const honest = seller.send;
    seller.send = (answer, response) => {
      if (answer.name !== 'killed') return honest.call(seller, answer, response);
      return response.writeHead(answer.status).end(seller.written(answer));
    };
  },
  'not-found-is-a-page': (seller) => {
    retype(seller, ['keyNotFound'], 'text/html');
    rewrite(seller, ['keyNotFound'], () => htmlPage);
  },
  'kill-failed-is-no-json': (seller) =>
    rewrite(seller, ['killFailed'], (answer) => JSON.stringify(answer.body).slice(0, -1)),
  'list-is-no-json': (seller) => rewrite(seller, ['retrieved'], (answer) => `${JSON.stringify(answer.body)},`),
  'all-killed-is-empty': (seller) => rewrite(seller, ['allKilled'], () => ''),
  'kill-all-is-cut': (seller) => {
    const honest = seller.send;
    seller.send = (answer, response) => {
      if (answer.name !== 'allKilled') return honest.call(seller, answer, response);
      const text = seller.written(answer);
      const { socket } = response;
      response.writeHead(answer.status, { 'Content-Type': 'application/json', 'Content-Length': text.length });
      return response.write(text.slice(0, 20), () => socket.destroy());
    };
  },
  'kill-all-is-slow': (seller) => {
    const honest = seller.send;
    seller.send = (answer, response) => {
      setTimeout(() => honest.call(seller, answer, response), answer.name === 'allKilled' ? 2000 : 0);
    };
  },

  // ---------------------------------------------------------------- where the documents leave it open
  'choice-kill-failed-is-404': (seller) => {
    seller.answers.killFailed = { status: 404, body: { success: false, message: 'No such session' } };
  },
  'choice-wrong-type-is-400': (seller) => {
    seller.answers.typeMissing.status = 400;
    seller.answers.typeUnknown.status = 400;
  },
  'choice-repeated-is-400': (seller) => {
    const honest = seller.answer;
    seller.answer = (query) => {
      const repeated = [...query.keys()].some((name) => query.getAll(name).length > 1);
      return repeated ? { name: 'repeated', status: 400, body: { success: false } } : honest.call(seller, query);
    };
  },

  // ---------------------------------------------------------------- not wrong
  'other-method-not-found': (seller) => {
    seller.answers.wrongMethod = seller.answers.notFound;
  },
  'other-method-not-implemented': (seller) => {
    seller.answers.wrongMethod = { status: 501, body: { message: 'Not implemented' } };
  },
  'other-order-of-keys': (seller) => {
    const reversed = (value) => {
      if (Array.isArray(value)) return value.map(reversed);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]));
    };
    seller.written = (answer) => JSON.stringify(reversed(answer.body));
  },
  'other-spaces-and-escapes': (seller) => {
    const escaped = (text) => text.replace(/e/g, '\\u0065');
    seller.written = (answer) =>
      `\r\n\t${JSON.stringify(answer.body, null, 2).replace(/"[^"]*"/g, escaped)}\n`;
  },
  'other-connection-each-time': (seller) => {
    const honest = seller.send;
    seller.send = (answer, response) => {
      response.shouldKeepAlive = false;
      honest.call(seller, answer, response);
    };
  },
};

export const defects = Object.fromEntries(Object.entries(table).map(([name, apply]) => [name, { apply }]));
