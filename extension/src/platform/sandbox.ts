import type { OriginTable } from "../core/origins.ts";

/** Written by the build; empty unless it was built with --sandbox. */
declare const SANDBOX_ORIGINS: OriginTable;

export const ORIGINS: OriginTable = SANDBOX_ORIGINS;
