// An implementation of scenarios/keyauth-seller by somebody else: right as it stands, and wrong in one way when started
// with --defect NAME. Only what Node brings along.
//   node keyauth.mjs [--defect NAME] [--port 0]     prints {"url": "..."} once it listens
//     --drop-every N                                every Nth request gets no answer, and is not obeyed
//     --lose-every N                                every Nth request gets no answer, and is obeyed
//     --until-stdin-ends                            ends with its stdin, so with whoever has started it
//   node keyauth.mjs --list                          prints the names of the defects
// POST /reset brings back the state that the contract begins with.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import { defects } from './keyauth_defects.mjs';

/// What a defect may replace: each answer, and each thing that is done.
class Seller {
  answers = {
    killed: { status: 200, body: { success: true, message: 'Successfully killed session!' } },
    killFailed: { status: 200, body: { success: false, message: 'Failed to kill session!' } },
    allKilled: { status: 200, body: { success: true, message: 'Successfully killed all sessions!' } },
    retrieved: { status: 200, body: { success: true, message: 'Successfully retrieved sessions' } },
    typeMissing: { status: 200, body: { success: false, message: 'Type not specified' } },
    typeUnknown: { status: 200, body: { success: false, message: "Type doesn't exist" } },
    notAuthorized: {
      status: 403,
      body: { success: false, message: 'Not authorized to use SellerAPI, please upgrade.' },
    },
    keyNotFound: { status: 404, body: { success: false, message: 'Seller Key Not Found' } },
    notFound: { status: 404, body: { message: 'There is nothing here' } },
    wrongMethod: { status: 405, body: { message: 'Only GET' }, headers: { Allow: 'GET, HEAD' } },
  };

  constructor() {
    this.reset();
  }

  reset() {
    this.reads = 0;
    this.applications = new Map([
      ['sellerkeyhere', { plan: 'seller' }],
      ['othersellerkey', { plan: 'seller' }],
      ['freeplankey', { plan: 'free' }],
    ]);
    this.sessions = [
      { id: 'iMdaoCGXWr', credential: null, expiry: '1649063974', validated: '0', sellerkey: 'sellerkeyhere' },
      { id: 'oXuqIIhtz3', credential: null, expiry: '1649067574', validated: '1', sellerkey: 'sellerkeyhere' },
      { id: 'Zk3vQp81Ld', credential: 'somebody', expiry: '1649071174', validated: '1', sellerkey: 'othersellerkey' },
    ];
  }

  /// The key that counts, whatever was sent.
  key(sent) {
    return sent;
  }

  application(key) {
    return this.applications.get(key);
  }

  mayUse(application) {
    return application.plan === 'seller';
  }

  list(key) {
    return this.sessions.filter((session) => session.sellerkey === key);
  }

  shown({ id, credential, expiry, validated }) {
    return { id, credential, expiry, validated };
  }

  /// Whether there was such a session.
  kill(key, id) {
    const before = this.sessions.length;
    this.sessions = this.sessions.filter((session) => session.sellerkey !== key || session.id !== id);
    return this.sessions.length < before;
  }

  killAll(key) {
    this.sessions = this.sessions.filter((session) => session.sellerkey !== key);
  }

  retrieved(key) {
    const { status, body, headers } = this.answers.retrieved;
    const sessions = this.list(key).map((one) => this.shown(one));
    return { name: 'retrieved', status, headers, body: { ...body, sessions } };
  }

  named(name) {
    return { name, ...this.answers[name] };
  }

  /// The type that counts; '' for none.
  type(sent) {
    return sent ?? '';
  }

  answer(query) {
    const key = this.key(query.get('sellerkey'));
    const application = this.application(key);
    if (!application) return this.named('keyNotFound');
    if (!this.mayUse(application)) return this.named('notAuthorized');
    switch (this.type(query.get('type'))) {
      case '':
        return this.named('typeMissing');
      case 'kill':
        return this.named(this.kill(key, query.get('sessid')) ? 'killed' : 'killFailed');
      case 'killall':
        this.killAll(key);
        return this.named('allKilled');
      case 'fetchallsessions':
        return this.retrieved(key);
      default:
        return this.named('typeUnknown');
    }
  }

  route(method, url) {
    if (url.pathname.replace(/\/$/, '') !== '/api/seller') return this.named('notFound');
    if (method !== 'GET' && method !== 'HEAD') return this.named('wrongMethod');
    return this.answer(url.searchParams);
  }

  /// The answer's body as text.
  written(answer) {
    return JSON.stringify(answer.body);
  }

  contentType(_answer) {
    return 'application/json; charset=utf-8';
  }

  /// In chunks, as Node does it when nobody counts.
  send(answer, response) {
    response.writeHead(answer.status, { 'Content-Type': this.contentType(answer), ...answer.headers });
    response.end(this.written(answer));
  }
}

const { values: options } = parseArgs({
  options: {
    defect: { type: 'string', default: 'none' },
    port: { type: 'string', default: '0' },
    'drop-every': { type: 'string', default: '0' },
    'lose-every': { type: 'string', default: '0' },
    'until-stdin-ends': { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

function serve() {
  if (options['until-stdin-ends']) process.stdin.on('end', () => process.exit(0)).resume();
  const seller = new Seller();
  defects[options.defect].apply(seller);
  let requests = 0;
  const isTurnOf = (option) => Number(options[option]) > 0 && requests % Number(options[option]) === 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (request.method === 'POST' && url.pathname === '/reset') {
      seller.reset();
      response.writeHead(204).end();
      return;
    }
    ++requests;
    if (isTurnOf('drop-every')) {
      request.socket.destroy();
      return;
    }
    const answer = seller.route(request.method, url);
    if (isTurnOf('lose-every')) {
      request.socket.destroy();
    } else {
      seller.send(answer, response);
    }
  });
  server.listen(Number(options.port), '127.0.0.1', () => {
    console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
  });
}

if (options.list) {
  for (const name of Object.keys(defects)) console.log(name);
} else if (!Object.hasOwn(defects, options.defect)) {
  console.error(`there is no defect "${options.defect}"; --list names them`);
  process.exit(2);
} else {
  serve();
}
