/** A page contract, as shared_schemas/page_contracts/page_contract.schema.json describes it. */
export interface PageContract {
  id: string;
  version: number;
  profile: "classic" | "current" | "any";
  phase: Phase | WorkPhase;
  about: string;
  load: "fetch" | "tab";
  url: string;
  url_of_winner?: string;
  pages: string[];
  /** Where this store has the page, if elsewhere; never in a file (catalog.ts, `contractAt`). */
  address?: string;
  login: { origins: string[]; markers: Marker[] };
  /** Absent: a public page, which is nobody's. */
  store?: { sources: Source[]; personal: Marker[] };
  identity: Marker[];
  /** Any of them says: the page is still being filled. */
  loading?: Marker[];
  /** Any of them says: the site could not answer; later it may. */
  trouble?: Marker[];
  list?: ListRules;
  record?: RecordRules;
  form?: FormRules;
}

export type ListPhase = "selling" | "closed" | "won" | "numbered";
export type Phase = ListPhase | "detail";
/** Pages on which the extension does something, outside a sync. */
export type WorkPhase = "upload" | "history" | "folders" | "folder" | "exhibit" | "ship" | "withdraw" | "item";

export interface Marker {
  selector: string;
  text?: string;
  contains?: string;
}

export interface Source {
  column?: string[];
  label?: string[];
  selector?: string;
  /** Only elements whose text begins so. */
  starts_with?: string;
  /** Not the element itself but the one before it. */
  sibling?: "previous";
  attribute?: string;
  regex?: string;
}

/** One of several values that stand in different places and are one value together. */
export interface Part {
  sources: Source[];
  /** What the site's words are written as; a word that is not here stays as it is. */
  words?: Record<string, string>;
  /** Put before it where it is not empty. */
  before?: string;
}

export interface Field {
  sources: Source[];
  parts?: Part[];
  /** `code`: a text that means something as a whole, such as a number or a status. */
  type: "text" | "code" | "lines" | "int" | "jpy" | "jst_datetime" | "id" | "texts";
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
  page?: Source[];
}

export interface RecordRules {
  scope?: string[];
  fields: Fields;
  lists: Record<string, RowRules>;
}

/** One field of a form and what goes into it: a fixed value, or one of the command's. */
export interface Filling {
  selector: string;
  value?: string;
  from?: "carrier" | "tracking_number";
}

/** A form that takes a file, ticked items or values, and what its site answers. */
export interface FormRules {
  /** What it is about: an auction id or order number. */
  about?: Source[];
  fill?: Filling[];
  file?: string;
  tick?: string;
  submit: Marker;
  /** What must be clicked in the question that follows. */
  confirm?: Marker;
  refused_lines?: { selector: string; regex: string };
  answers: AnswerRule[];
  refused?: { rows: string[]; fields: Fields; first_line: number };
}

/** `not_taken`: the site did not even look at the file; `unknown`: it does not say whether it took it. */
export type AnswerKind = "accepted" | "refused" | "not_taken" | "unknown";

export interface AnswerRule {
  kind: AnswerKind;
  markers: Marker[];
}

export interface RefusedRow {
  /** The row of the file, counted from 1 without its header; or the item's 管理番号. */
  item: number | string;
  reason: string;
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

/** What a list's drift says where it shows the rows of another page than was asked for. */
export const ANOTHER_PAGE = "page: another one is shown";

export type Reading =
  | { kind: "rows"; store: string; rows: Row[]; more: boolean; fallbackUsed: string[] }
  | { kind: "record"; store: string; fields: Row; lists: Record<string, Row[]>; fallbackUsed: string[] }
  | { kind: "empty"; store: string }
  | { kind: "form"; store: string; about?: string | null }
  | { kind: "answer"; answer: AnswerKind; message: string; refused: RefusedRow[] }
  | { kind: "loading" }
  | { kind: "loginRequired" }
  | { kind: "notStore" }
  | { kind: "maintenance" }
  | { kind: "blocked"; status: number; retryAfterMs: number | null }
  | Drift;

/** "classic_selling@1": the name under which the back office knows a contract. */
export function contractName({ id, version }: PageContract): string {
  return `${id}@${version}`;
}
