// Made by `npm run generate` from shared_schemas/api/. Do not edit.

/**
 * POST /accounts/{id}/batches
 */
export type BatchRequest = FromQueued | FromRest;
/**
 * POST /runs/{id}/pages: one page as it was read
 */
export type Page = {
  seq: number;
  phase: "selling" | "closed" | "won" | "numbered" | "detail";
  page: number;
  contract: string;
  observed_at: string;
  last_page: boolean;
  /**
   * @maxItems 5000
   */
  listings: Listing[];
  /**
   * @maxItems 5000
   */
  orders: OrderRow[];
  /**
   * @maxItems 5000
   */
  details: OrderDetail[];
  /**
   * Run lengths over the numbers of `known`: so many passed over, so many found as known, and so on, from 1
   *
   * @maxItems 10000
   */
  unchanged: number[];
  /**
   * Rows of a list that shows orders by their number
   *
   * @maxItems 5000
   */
  numbers: NumberRow[];
};
/**
 * Answer of POST /pairings
 */
export type PairingAnswer = Paired | PairingPending;
/**
 * Answer of POST /pairings/poll
 */
export type PairingPollAnswer = Paired | NotPairedYet;

export interface Bodies {
  batch?: Batch;
  batchRequest?: BatchRequest;
  batchRequestAnswer?: BatchRequestAnswer;
  batches?: Batches;
  command?: Command;
  commandAnswer?: CommandAnswer;
  commandGiveBackRequest?: CommandGiveBackRequest;
  commandOutcomeRequest?: CommandOutcomeRequest;
  commandSeen?: CommandSeen;
  commandSendingRequest?: CommandSendingRequest;
  context?: Context;
  downloadAnswer?: DownloadAnswer;
  downloadRequest?: DownloadRequest;
  finishAnswer?: FinishAnswer;
  finishRequest?: FinishRequest;
  known?: Known;
  leftOut?: LeftOut;
  notice?: Notice;
  outcomeRequest?: OutcomeRequest;
  page?: Page;
  pageAnswer?: PageAnswer;
  paired?: Paired;
  pairingAnswer?: PairingAnswer;
  pairingPollAnswer?: PairingPollAnswer;
  pairingPollRequest?: PairingPollRequest;
  pairingRequest?: PairingRequest;
  planRequest?: PlanRequest;
  problem?: Problem;
  runAnswer?: RunAnswer;
  runRequest?: RunRequest;
  sendingRequest?: SendingRequest;
  upload?: Upload;
}
/**
 * One listing file; answer of GET /batches/{id}
 */
export interface Batch {
  id: number;
  account_id: number;
  file_name: string;
  state: "building" | "ready" | "failed";
  progress: Progress;
  item_count: number;
  listed_count: number;
  processing_count: number;
  failed_count: number;
  review_count: number;
  created_at: string;
  created_by: string;
  size_bytes: number | null;
  sha256: string | null;
  last_downloaded_at: string | null;
  error: string | null;
  whole_needs_confirm: boolean;
  rest_count: number;
}
export interface Progress {
  done: number;
  total: number;
}
export interface FromQueued {
  source: "queued";
}
export interface FromRest {
  source: "rest";
  batch_id: number;
}
/**
 * Answer of POST /accounts/{id}/batches
 */
export interface BatchRequestAnswer {
  /**
   * @maxItems 1000
   */
  batches: Batch[];
  /**
   * @maxItems 10000
   */
  left_out: LeftOut[];
}
/**
 * One listing that a listing file leaves out, and why.
 */
export interface LeftOut {
  listing_id: number;
  management_number: string;
  title: string;
  reason: string;
}
/**
 * Answer of GET /accounts/{id}/batches, newest first
 */
export interface Batches {
  /**
   * @maxItems 1000
   */
  batches: Batch[];
}
/**
 * One thing to do on the marketplace's own pages. `key` is the auction id or order number by which its page is found.
 */
export interface Command {
  id: number;
  account_id: number;
  kind: "ship" | "end";
  state: "queued" | "claimed" | "sending" | "done" | "failed" | "needs_review" | "cancelled";
  key: string;
  label: string;
  carrier: string | null;
  tracking_number: string | null;
  reason: string | null;
}
/**
 * Answer of POST /accounts/{id}/commands; null: nothing is to be done now.
 */
export interface CommandAnswer {
  command: Command | null;
}
/**
 * Body of POST /commands/{id}/give-back: the extension's error code.
 */
export interface CommandGiveBackRequest {
  code: string;
}
/**
 * Body of POST /commands/{id}/outcome. refused: the page said why not; not_taken: it certainly did not look at the form. `nonce`: of the click meant; a word that comes late says nothing of the next click.
 */
export interface CommandOutcomeRequest {
  kind: "refused" | "not_taken";
  message: string;
  nonce?: string;
}
/**
 * What the page of a command's target shows, in its raw words: an order's status; whether an auction sells and with how many bids, or how it ended. Body of POST /commands/{id}/seen.
 */
export interface CommandSeen {
  status: string | null;
  is_selling: boolean | null;
  bid_count: number | null;
  result: string | null;
}
/**
 * Body of POST /commands/{id}/sending; `nonce` is the extension's own name of the one click.
 */
export interface CommandSendingRequest {
  nonce: string;
  seen: CommandSeen;
}
/**
 * Answer of GET /context
 */
export interface Context {
  tenant: Tenant;
  device: Device;
  server_time: string;
  orders_waiting: number;
  pacing: Pacing;
  /**
   * @maxItems 100
   */
  disabled_contracts: string[];
  /**
   * @maxItems 200
   */
  accounts: Account[];
}
export interface Tenant {
  name: string;
  origin: string;
}
export interface Device {
  id: number;
  name: string;
}
export interface Pacing {
  min_interval_ms: number;
}
export interface Account {
  id: number;
  name: string;
  marketplace: "yahoo_auction";
  profile: "classic" | "current";
  store_id: string;
  enabled: boolean;
  queued_count: number;
  /**
   * Commands that a visit would be given; absent: 0.
   */
  commands_waiting?: number;
  /**
   * Where this store has its lists, where that is not where the contracts say; absent: there.
   */
  page_addresses?: {
    selling?: string;
    closed?: string;
  };
  last_sync_at: string | null;
  last_sync_device: string | null;
  running: RunningElsewhere | null;
  /**
   * @maxItems 100
   */
  attention: Notice[];
}
export interface RunningElsewhere {
  run_id: number;
  number: number;
  device_name: string;
  mine: boolean;
}
/**
 * Something staff should know; message is Japanese.
 */
export interface Notice {
  code: string;
  message: string;
}
/**
 * Answer of POST /batches/{id}/downloads
 */
export interface DownloadAnswer {
  url: string;
  file_name: string;
  size_bytes: number;
  sha256: string;
  expires_at: string;
}
/**
 * POST /batches/{id}/downloads
 */
export interface DownloadRequest {
  confirm_whole: boolean;
}
/**
 * Answer of POST /runs/{id}/finish
 */
export interface FinishAnswer {
  run_id: number;
  state: string;
  summary: Summary;
  /**
   * @maxItems 200
   */
  notices: Notice[];
}
export interface Summary {
  selling: number;
  closed: number;
  orders: number;
  orders_new: number;
  needs_review: number;
  unlinked: number;
}
/**
 * POST /runs/{id}/finish
 */
export interface FinishRequest {
  outcome: "complete" | "failed";
  /**
   * @maxItems 5
   */
  phases: PhaseReport[];
  error: RunError | null;
  /**
   * @maxItems 1000
   */
  set_aside?: SetAside[];
}
export interface PhaseReport {
  phase: "selling" | "closed" | "won" | "numbered" | "detail";
  pages: number;
  rows: number;
  complete: boolean;
}
export interface RunError {
  /**
   * One of extension_errors.json; anything else is kept as it is and shown as unknown
   */
  code: string;
  phase: ("selling" | "closed" | "won" | "numbered" | "detail") | null;
  detail: string;
  contract: string | null;
  /**
   * @maxItems 100
   */
  missing: string[];
  skeleton: string | null;
}
/**
 * An order whose own page alone could not be read; the run is complete for all others. `key` as in wanted_details.
 */
export interface SetAside {
  key: string;
  reason: "not_found" | "error" | "unreadable";
}
/**
 * Answer of GET /runs/{id}/known/{phase}: the rows of a list that need not be sent again
 */
export interface Known {
  /**
   * @maxItems 200000
   */
  rows: KnownRow[];
}
export interface KnownRow {
  id: number;
  /**
   * Or an order number
   */
  auction_id: string;
  digest: string;
}
/**
 * POST /uploads/{id}/outcome: what the store's page answered
 */
export interface OutcomeRequest {
  kind: "accepted" | "refused" | "not_taken" | "unknown";
  message: string;
  /**
   * @maxItems 5000
   */
  refused: RefusedRow[];
}
export interface RefusedRow {
  position: number;
  reason: string;
}
export interface Listing {
  auction_id: string;
  management_number: string | null;
  title: string;
  current_price: number;
  bid_count: number;
  ends_at: string | null;
  result: string | null;
}
export interface OrderRow {
  auction_id: string;
  management_number: string | null;
  title: string;
  winner: string;
  amount: number;
  won_at: string;
  status: string;
}
export interface OrderDetail {
  auction_id: string;
  order_number: string | null;
  status: string;
  /**
   * @maxItems 100
   */
  status_options: string[];
  ordered_at: string | null;
  /**
   * @maxItems 500
   */
  items: OrderItem[];
  buyer: Buyer | null;
  shipping_method: string | null;
  payment_method: string | null;
  shipping_fee: number | null;
  total: number | null;
  message: string | null;
  /**
   * Told where the page was asked for by its winner (wanted_details)
   */
  winner?: string;
}
export interface OrderItem {
  auction_id: string;
  management_number: string | null;
  title: string;
  quantity: number;
  unit_price: number;
}
export interface Buyer {
  name: string | null;
  kana: string | null;
  postal_code: string | null;
  address: string | null;
  phone: string | null;
}
export interface NumberRow {
  order_number: string;
  status: string;
}
/**
 * Answer of POST /runs/{id}/pages
 */
export interface PageAnswer {
  seq: number;
  stored: number;
  unchanged: number;
  /**
   * Auction ids, auction/winner where an auction has several winners, or order numbers of a list that shows orders by number
   *
   * @maxItems 5000
   */
  wanted_details: string[];
  lease_seconds: number;
}
/**
 * The device is paired; the token is shown once.
 */
export interface Paired {
  status: "paired";
  device_token: string;
  device_id: number;
  tenant_name: string;
}
export interface PairingPending {
  status: "pending";
  device_code: string;
  user_code: string;
  verification_uri: string;
  interval: number;
  expires_in: number;
}
export interface NotPairedYet {
  status: "pending" | "denied" | "expired";
}
/**
 * POST /pairings/poll
 */
export interface PairingPollRequest {
  device_code: string;
}
/**
 * POST /pairings
 */
export interface PairingRequest {
  device_name: string;
  extension_version: string;
  browser: string;
}
/**
 * POST /accounts/{id}/plan: when this PC reads the account next; null: by hand only
 */
export interface PlanRequest {
  next_at: string | null;
}
/**
 * Every answer that is not a success (application/problem+json). detail and remedy are Japanese for staff.
 */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  item?: string;
  field?: string;
  remedy?: string;
  holder?: string;
  /**
   * @maxItems 10000
   */
  left_out?: LeftOut[];
}
/**
 * Answer of POST /accounts/{id}/runs
 */
export interface RunAnswer {
  run_id: number;
  number: number;
  lease_seconds: number;
  server_time: string;
  /**
   * Orders whose own page was read well before, the newest first: whether one can be read still tells a changed layout from odd orders. As wanted_details
   *
   * @maxItems 10
   */
  proof_pages?: string[];
}
/**
 * POST /accounts/{id}/runs
 */
export interface RunRequest {
  trigger: "button" | "schedule";
  sent_at: string;
}
/**
 * POST /uploads/{id}/sending: just before the one click
 */
export interface SendingRequest {
  nonce: string;
}
/**
 * A direct upload of a file and what became of its items; `file` while it may still be sent
 */
export interface Upload {
  id: number;
  batch_id: number;
  account_id: number;
  state: "claimed" | "sending" | "accepted" | "refused" | "not_taken" | "unknown" | "abandoned";
  message: string | null;
  file: DownloadAnswer | null;
  /**
   * @maxItems 5000
   */
  items: UploadItem[];
}
export interface UploadItem {
  position: number;
  management_number: string;
  title: string;
  state: "queued" | "processing" | "active" | "sold_out" | "ended" | "failed" | "needs_review" | "withdrawn";
  state_label: string;
  reason: string | null;
  /**
   * Why it is not to be put up for sale any more although it was uploaded: it is gone, or listed again
   */
  risk?: string | null;
}
