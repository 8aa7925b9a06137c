import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { clustered, freePort, RedisServer } from '../../lab/redis/server';
import { untilAsync } from '../doubles/until';
import { redisProgram } from './programs';

const SLOTS = 16_384;

/** A Redis Cluster on this machine: three masters with a third of the slots each, and a replica of the first. */
export class RedisCluster {
  private constructor(
    readonly masters: readonly RedisServer[],
    readonly replica: RedisServer,
    private readonly buses: readonly number[],
    private readonly folder: string,
  ) {}

  static async start(): Promise<RedisCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'crankback-cluster-'));
    const buses: number[] = [];
    const start = async () => {
      const bus = await freePort();
      buses.push(bus);
      return RedisServer.start(redisProgram(), clustered(folder, bus));
    };
    const masters = [await start(), await start(), await start()];
    const cluster = new RedisCluster(masters, await start(), buses, folder);
    await cluster.join();
    return cluster;
  }

  private async join(): Promise<void> {
    const all = [...this.masters, this.replica];
    const clients = all.map(({ port }) => new Redis({ port, host: '127.0.0.1', protocol: 2 }));
    try {
      for (const [index, client] of clients.slice(0, 3).entries()) {
        const from = Math.floor((index * SLOTS) / 3);
        const to = Math.floor(((index + 1) * SLOTS) / 3) - 1;
        await client.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
        await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      }
      const [first, ...others] = clients;
      for (const index of others.keys()) {
        const [port, bus] = [all[index + 1]!.port, this.buses[index + 1]!];
        await first!.call('CLUSTER', 'MEET', '127.0.0.1', port, bus);
      }
      const id = await first!.call('CLUSTER', 'MYID');
      await untilAsync(async () => {
        await clients[3]!.call('CLUSTER', 'REPLICATE', String(id));
        return true;
      });
      await untilAsync(async () =>
        (await Promise.all(clients.map((client) => isWhole(client)))).every(Boolean),
      );
    } finally {
      for (const client of clients) client.disconnect();
    }
  }

  get servers() {
    const [first, ...others] = this.masters.map(({ port }) => ({ host: '127.0.0.1', port }));
    return [first!, ...others] as const;
  }

  /** Empties every node. */
  async empty(): Promise<void> {
    for (const { port } of this.masters) {
      const client = new Redis({ port, host: '127.0.0.1', protocol: 2 });
      await client.flushall().catch(() => undefined);
      client.disconnect();
    }
  }

  async kill(): Promise<void> {
    await Promise.all([...this.masters, this.replica].map((server) => server.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** It knows all four, and its replica follows. */
async function isWhole(client: Redis): Promise<boolean> {
  const info = String(await client.call('CLUSTER', 'INFO'));
  const nodes = String(await client.call('CLUSTER', 'NODES'));
  const isJoined = /cluster_state:ok/.test(info) && /cluster_known_nodes:4/.test(info);
  const replication = await client.info('replication');
  return isJoined && /slave/.test(nodes) && !/master_link_status:down/.test(replication);
}
