import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { BankLedger } from './bank-ledger';
import { connectToPrimary, countPrimaries } from './find-primary';
import { BANK } from './postgres-user-data';

const ACCOUNTS = 100;
const OPENING_BALANCE = 1_000;
const CHECK_EVERY_MS = 250;

export interface BankVerdict {
  readonly committed: number;
  readonly unknown: number;
  /** Transfers that failed before they were sent to be committed: their clients try another one. */
  readonly failed: number;
  readonly lost: number;
  readonly unasked: number;
  readonly twice: number;
  /** Looks at the sum of all accounts, and how many found another one than there was. */
  readonly checks: number;
  readonly wrongSums: number;
  /** Looks at all servers that found more than one which takes writes. */
  readonly splits: number;
  /** Accounts whose balance is not what their transfers make it. */
  readonly wrongBalances: number;
}

/** Clients of a bank that move money between accounts in transactions without pause, and somebody who counts it all the time. */
export class BankClients {
  readonly ledger = new BankLedger();
  private checks = 0;
  private wrongSums = 0;
  private splits = 0;
  private isOpen = true;
  private readonly running: Promise<unknown>[] = [];
  private known: { readonly addresses: readonly string[]; readonly atMs: number } | null = null;

  constructor(private readonly allAddresses: () => Promise<readonly string[]>) {}

  /** Opens the bank, and lets so many clients make so many transfers a second, all together. */
  async start(clients: number, transfersPerSecond: number): Promise<void> {
    const first = await connectToPrimary(this.addresses, 'postgres');
    await first.query(`create database ${BANK.database}`);
    await first.end();
    const bank = await connectToPrimary(this.addresses, BANK.database);
    await bank.query('create table account (id int primary key, balance bigint not null)');
    await bank.query('create table transfer (id bigint primary key, payer int not null, payee int not null, amount int not null)');
    await bank.query(`insert into account select id, ${OPENING_BALANCE} from generate_series(1, ${ACCOUNTS}) id`);
    await bank.end();
    const everyMs = (clients * 1_000) / transfersPerSecond;
    this.running.push(...Array.from({ length: clients }, () => this.keepTransferring(everyMs)), this.keepChecking());
  }

  /** Ends all clients, and holds what is in the database against what they were told. */
  async stop(): Promise<BankVerdict> {
    this.isOpen = false;
    await Promise.all(this.running);
    const bank = await connectToPrimary(this.addresses, BANK.database);
    const { rows: found } = await bank.query<{ id: string }>('select id from transfer');
    const { rows: wrong } = await bank.query(
      `select id from account where balance <> ${OPENING_BALANCE} + coalesce((select sum(amount) from transfer where payee = account.id), 0) - coalesce((select sum(amount) from transfer where payer = account.id), 0)`,
    );
    await this.checkSum(bank);
    await bank.end();
    const { committed, unknown, failed } = this.ledger;
    const { checks, wrongSums, splits } = this;
    return { committed: committed.size, unknown: unknown.size, failed, ...this.ledger.compare(found.map(({ id }) => Number(id))), checks, wrongSums, splits, wrongBalances: wrong.length };
  }

  private async keepTransferring(everyMs: number): Promise<void> {
    let client: Client | null = null;
    for (let dueAtMs = Date.now() + Math.random() * everyMs; this.isOpen; dueAtMs = Math.max(dueAtMs + everyMs, Date.now() - 10 * everyMs)) {
      await sleep(Math.max(0, dueAtMs - Date.now()));
      client ??= await connectToPrimary(this.addresses, BANK.database).catch(() => null);
      if (client === null || (await this.transfer(client))) continue;
      await client.end().catch(() => undefined);
      client = null;
    }
    await client?.end().catch(() => undefined);
  }

  /** False where the connection is not to be trusted any more. */
  private async transfer(client: Client): Promise<boolean> {
    const id = this.ledger.newTransfer();
    const [payer, payee, amount] = [1 + randomInt(ACCOUNTS), 1 + randomInt(ACCOUNTS), 1 + randomInt(100)];
    try {
      await client.query('begin');
      await client.query('insert into transfer values ($1, $2, $3, $4)', [id, payer, payee, amount]);
      // In the order of their numbers, so that no two transfers wait for each other.
      for (const account of [...new Set([payer, payee])].toSorted((a, b) => a - b)) {
        const change = (account === payee ? amount : 0) - (account === payer ? amount : 0);
        await client.query('update account set balance = balance + $2 where id = $1', [account, change]);
      }
    } catch {
      this.ledger.failed += 1;
      return false;
    }
    try {
      const { command } = await client.query('commit');
      if (command !== 'COMMIT') throw new Error(`commit was answered with ${command}`);
      this.ledger.commit(id, Date.now());
      return true;
    } catch {
      this.ledger.unknown.add(id);
      return false;
    }
  }

  private async keepChecking(): Promise<void> {
    for (; this.isOpen; await sleep(CHECK_EVERY_MS)) {
      const bank = await connectToPrimary(this.addresses, BANK.database).catch(() => null);
      await (bank === null ? undefined : this.checkSum(bank).catch(() => undefined));
      await bank?.end().catch(() => undefined);
      if ((await countPrimaries(await this.addresses(), BANK.database)) > 1) this.splits += 1;
    }
  }

  private async checkSum(bank: Client): Promise<void> {
    const { rows } = await bank.query<{ sum: string }>('select sum(balance) from account');
    this.checks += 1;
    if (Number(rows[0]?.sum) !== ACCOUNTS * OPENING_BALANCE) this.wrongSums += 1;
  }

  /** Asked for by all at once when a server goes: looked up a few times a second. */
  private readonly addresses = async (): Promise<readonly string[]> => {
    if (this.known === null || Date.now() - this.known.atMs > CHECK_EVERY_MS) this.known = { addresses: await this.allAddresses(), atMs: Date.now() };
    return this.known.addresses;
  };
}
