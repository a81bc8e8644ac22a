// A headless Chromium, spoken to over its debugging pipe: messages of the Chrome DevTools Protocol, each ended by a NUL.
import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';

export class Browser extends EventEmitter {
  #process;
  #pipe;
  #waiting = new Map();
  #next = 1;

  constructor(program, folder) {
    super();
    const options = ['--headless=new', '--remote-debugging-pipe', '--no-first-run', '--disable-gpu', '--no-sandbox',
      '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--hide-scrollbars',
      `--user-data-dir=${folder}`, 'about:blank'];
    this.#process = spawn(program, options, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
    this.#pipe = this.#process.stdio[3];
    let said = '';
    this.#process.stderr.on('data', (data) => { said = (said + data).slice(-4000); });
    this.#process.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the browser ended with ${code}: ${said}`));
      this.#waiting.clear();
    });
    this.#pipe.on('error', () => {});
    let text = Buffer.alloc(0);
    this.#process.stdio[4].on('data', (data) => {
      text = Buffer.concat([text, data]);
      for (let end = text.indexOf(0); end >= 0; end = text.indexOf(0)) {
        this.#receive(JSON.parse(text.subarray(0, end).toString()));
        text = text.subarray(end + 1);
      }
    });
  }

  #receive(message) {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) {
      this.emit(message.method, message.params);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.error) waiting.reject(new Error(JSON.stringify(message.error)));
    else waiting.resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#pipe.write(JSON.stringify({ id, method, params, sessionId }) + '\0');
    });
  }

  // A tab; what it is sent goes to that tab.
  async tab() {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    return (method, params) => this.send(method, params, sessionId);
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.send('Browser.close').catch(() => {});
    await ended;
  }
}
