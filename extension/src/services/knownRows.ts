import type { Backend } from "../api/backend.ts";
import type { ListPhase } from "../core/contracts/contract.ts";
import type { KnownRow } from "../generated/api.ts";
import type { KnownRows } from "../core/sync/known.ts";

/** What the back office knows of the list being read; fetched once per run and list, and again by a new worker. */
export class KnownLists {
  private held: { runId: number; phase: ListPhase; rows: KnownRows } | null = null;

  async of(backend: Backend, runId: number, phase: ListPhase): Promise<KnownRows> {
    if (this.held?.runId !== runId || this.held.phase !== phase) {
      const { rows } = await backend.known(runId, phase);
      const byAuction = new Map<string, KnownRow[]>();
      for (const row of rows) byAuction.set(row.auction_id, [...(byAuction.get(row.auction_id) ?? []), row]);
      this.held = { runId, phase, rows: byAuction };
    }
    return this.held.rows;
  }
}
