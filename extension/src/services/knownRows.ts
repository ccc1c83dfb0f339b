import type { Backend } from "../api/backend.ts";
import type { ListPhase } from "../core/contracts/contract.ts";
import type { KnownRows } from "../core/sync/known.ts";

/** What the back office knows of the list being read; fetched once per run and list, and again by a new worker. */
export class KnownLists {
  private held: { runId: number; phase: ListPhase; rows: KnownRows } | null = null;

  async of(backend: Backend, runId: number, phase: ListPhase): Promise<KnownRows> {
    if (this.held?.runId !== runId || this.held.phase !== phase) {
      const { rows } = await backend.known(runId, phase);
      this.held = { runId, phase, rows: new Map(rows.map((row) => [row.auction_id, row])) };
    }
    return this.held.rows;
  }
}
