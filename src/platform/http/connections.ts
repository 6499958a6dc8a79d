import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server, so that its end need not wait for those who never finish. */
export class Connections {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
    });
  }

  /** Runs `close`, which lets answers under way finish; after `ms` what is left is cut off. */
  async endWithin(ms: number, close: () => Promise<void>): Promise<void> {
    const late = setTimeout(() => this.#server.closeAllConnections(), ms);
    const closing = close().finally(() => clearTimeout(late));
    // Browsers open some ahead of need. Node does not count those as idle.
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy();
    await closing;
  }
}
