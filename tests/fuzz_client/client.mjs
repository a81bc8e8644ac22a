// A client of keyauth-seller with three planted bugs; all else that can come is met with exit code 2. It prints the id of
// the seller's first session.
import net from 'node:net';

const HEAD_MAX = 64 * 1024;
const LENGTH_MAX = 1 << 20;

function refuse(why) {
  console.error('client:', why);
  process.exit(2);
}

/** The value of the one Content-Length. */
function contentLength(head) {
  const lines = head.split('\r\n').filter((line) => line.toLowerCase().startsWith('content-length:'));
  const value = lines.length === 1 ? lines[0].split(':')[1].trim() : '';
  if (!/^[1-9][0-9]{0,8}$/.test(value) || Number(value) > LENGTH_MAX) refuse('a strange Content-Length');
  return Number(value);
}

function sessionsOf(text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    refuse('no JSON');
  }
  const sessions = answer?.sessions;
  if (!Array.isArray(sessions)) refuse('no sessions');
  for (const session of sessions) if (typeof session?.id !== 'string') refuse('no session');
  return sessions;
}

function use(head, received) {
  if (!head.startsWith('HTTP/1.1 200 ')) refuse('not 200');
  const length = contentLength(head);
  const last = received.readUInt8(length - 1); // bug: as many bytes as were promised need not have come
  if (last !== '}'.charCodeAt(0)) refuse('no JSON object');
  const sessions = sessionsOf(received.subarray(0, length).toString());
  console.log(JSON.stringify(sessions[0].id)); // bug: there may be none
}

const url = new URL(process.env.COUNTERPART_URL);
// Bug: no timeout, so a server that says nothing is waited for without end.
const connection = net.connect(Number(url.port), url.hostname, () => {
  const target = `${url.pathname}/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions`.replace('//', '/');
  connection.write(`GET ${target} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`);
});
let bytes = Buffer.alloc(0);
connection.on('data', (more) => {
  bytes = Buffer.concat([bytes, more]);
  if (bytes.length > HEAD_MAX + LENGTH_MAX) refuse('too much');
});
connection.on('error', (error) => refuse(error.message));
connection.on('end', () => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) refuse('no head');
  use(bytes.subarray(0, end).toString('latin1'), bytes.subarray(end + 4));
});
