type Values = Record<string, unknown>;

/**
 * Steps from one layout of the stored values to the next; the number of steps is the layout's version. A step is
 * never changed once a version with it was released: another one is added.
 */
export const MIGRATIONS: readonly ((values: Values) => Values)[] = [
  // 1: the first layout has nothing before it.
  (values) => values,
];

export const LAYOUT = MIGRATIONS.length;

/** The values in today's layout. Throws when they come from a newer version of the extension. */
export function migrated(values: Values, version: number): Values {
  if (version > LAYOUT) throw new Error(`stored values have layout ${version}, this extension knows ${LAYOUT}`);
  return MIGRATIONS.slice(version).reduce((older, step) => step(older), values);
}
