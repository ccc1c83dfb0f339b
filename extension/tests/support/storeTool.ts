import type { Marker, PageContract, Reading } from "../../src/core/contracts/contract.ts";

const STORE = "mihon_store";

/** A store tool that saves uploaded items into a folder and lists them when they are ticked and confirmed. */
export class StoreTool {
  /** Item id → 管理番号, in the folder. */
  readonly saved = new Map<string, string>();
  /** 管理番号 of everything that was put up for sale. */
  readonly listed: string[] = [];
  uploads = 0;
  /** What a press does or says wrong; a test may replace it. */
  onConfirm: () => "answer" | "lost" | "dropped" | "stale" = () => "answer";
  refused = new Map<string, string>();
  /** What the upload's page says instead of 受け付けました, and whether it took the file. */
  onUpload: () => { says: Reading; isTaken: boolean } | null = () => null;
  private ticked: string[] = [];
  private asks = false;
  private isRegistered = false;
  private says: Reading | null = null;
  private shown = "";

  constructor(private readonly numbers: string[]) {}

  open(url: string): void {
    Object.assign(this, { shown: url, ticked: [], asks: false, says: null });
  }

  tick(values: string[]): boolean {
    this.ticked = values;
    return values.every((value) => this.saved.has(value));
  }

  fill(): boolean {
    return true;
  }

  click({ text }: Marker): boolean {
    if (text === "決定する") this.upload();
    if (text === "出品する") this.asks = this.ticked.length > 0;
    if (text === "出品を確定する") return this.asks && this.confirm();
    return true;
  }

  private upload(): void {
    this.uploads += 1;
    const other = this.onUpload();
    this.says = other?.says ?? null;
    if (other?.isTaken === false) return;
    for (const number of this.numbers) this.saved.set(`${this.uploads}${this.saved.size}`, number);
    this.isRegistered = true;
    this.says ??= { kind: "answer", answer: "accepted", message: "受け付けました", refused: [] };
  }

  private confirm(): boolean {
    const what = this.onConfirm();
    this.says = { kind: "answer", answer: "not_taken", message: "有効期限", refused: [] };
    if (what === "stale") return true;
    this.says = null;
    if (what === "dropped") return true;
    const refused: { item: string; reason: string }[] = [];
    for (const id of this.ticked) {
      const number = this.saved.get(id) ?? "";
      const reason = this.refused.get(number);
      if (reason !== undefined) refused.push({ item: number, reason });
      else if (this.saved.delete(id)) this.listed.push(number);
    }
    this.says = what === "lost" ? null : { kind: "answer", answer: "accepted", message: "出品しました", refused };
    return true;
  }

  /** What the tab shows to a contract. */
  shows(contract: PageContract): Reading | null {
    if (contract.phase !== "upload" && contract.phase !== "exhibit") return this.page(contract, this.shown);
    return this.says ?? { kind: "form", store: STORE };
  }

  page({ phase }: PageContract, url: string): Reading {
    this.open(url);
    const rows = (found: Record<string, string | number | null>[]): Reading =>
      found.length === 0 ? { kind: "empty", store: STORE } : { kind: "rows", store: STORE, rows: found, more: false, fallbackUsed: [] };
    if (phase === "history") {
      return rows(!this.isRegistered ? [] : [{ file_name: "recore_7.zip", state: "完了", accepted: this.numbers.length, errors: null }]);
    }
    if (phase === "folders") return rows([{ folder_id: "1", items: this.saved.size }]);
    if (phase === "folder") return rows([...this.saved].map(([item_id, management_number]) => ({ item_id, management_number })));
    return { kind: "empty", store: STORE };
  }
}
