import { connect as connectTo, createServer, type Server, type Socket } from 'node:net';

/** Stands between the program and its database, and can be cut. */
export class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #whole = true;

  constructor(target: { host: string; port: number }) {
    this.#server = createServer((near) => {
      if (!this.#whole) return void near.destroy();
      const far = connectTo(target.port, target.host);
      for (const [one, two] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => two.destroy()).on('close', () => this.#sockets.delete(one));
      }
      near.pipe(far).pipe(near);
    });
  }
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }
  cut(): void {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy();
  }
  mend(): void {
    this.#whole = true;
  }
  close(): void {
    this.cut();
    this.#server.close();
  }
}
