/** A page contract, as shared_schemas/page_contracts/page_contract.schema.json describes it. */
export interface PageContract {
  id: string;
  version: number;
  profile: "classic" | "current";
  phase: Phase;
  about: string;
  load: "fetch" | "tab";
  url: string;
  pages: string[];
  login: { origins: string[]; markers: Marker[] };
  store: { sources: Source[]; personal: Marker[] };
  identity: Marker[];
  list?: ListRules;
  record?: RecordRules;
}

export type ListPhase = "selling" | "closed" | "won";
export type Phase = ListPhase | "detail";

export interface Marker {
  selector: string;
  text?: string;
  contains?: string;
}

export interface Source {
  column?: string[];
  label?: string[];
  selector?: string;
  attribute?: string;
  regex?: string;
}

export interface Field {
  sources: Source[];
  type: "text" | "lines" | "int" | "jpy" | "jst_datetime" | "id" | "texts";
  required: boolean;
  min_found?: number;
  min_filled?: number;
  empty_texts?: string[];
}

export type Fields = Record<string, Field>;

export interface RowRules {
  rows: string[];
  ignore?: string[];
  fields: Fields;
}

export interface ListRules extends RowRules {
  empty: Marker[];
  next: Marker[];
  page: Source[];
}

export interface RecordRules {
  scope?: string[];
  fields: Fields;
  lists: Record<string, RowRules>;
}

export type Value = string | number | string[] | null;
export type Row = Record<string, Value>;

/** A page as it was answered. Addresses are the marketplace's own, also when the sandbox answered. */
export interface PageInput {
  document: Document;
  finalUrl: string;
  /** The page number that was asked for; null for a record. */
  page: number | null;
  /** Gives the year of dates that name none. */
  observedAt: Date;
}

export interface Drift {
  kind: "drift";
  /** What could not be read, and how: "price: missing", "rows: neither rows nor the empty marker". */
  missing: string[];
  fallbackUsed: string[];
  fillRate: Record<string, number>;
  /** Tags and classes of the page, no text. */
  skeleton: string;
}

export type Reading =
  | { kind: "rows"; store: string; rows: Row[]; more: boolean; fallbackUsed: string[] }
  | { kind: "record"; store: string; fields: Row; lists: Record<string, Row[]>; fallbackUsed: string[] }
  | { kind: "empty"; store: string }
  | { kind: "loginRequired" }
  | { kind: "notStore" }
  | { kind: "blocked"; status: number; retryAfterMs: number | null }
  | Drift;

/** "classic_selling@1": the name under which the back office knows a contract. */
export function contractName({ id, version }: PageContract): string {
  return `${id}@${version}`;
}
