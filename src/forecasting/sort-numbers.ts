/** Rows up to this length are sorted by insertion alone. */
const SHORT = 32;
/** Longer rows than this go to the engine's own sort. */
const LONGEST = 512;
const starts = new Int32Array(LONGEST + 1);
const bucketOf = new Int32Array(LONGEST);
const spread = new Float64Array(LONGEST);

/**
 * Sorts finite numbers in place, rising: into buckets by size, then by insertion what lies out of order within them. Sorting short rows is most of a
 * forecast's time, and this takes half of what the engine's comparison sort takes on loads.
 */
export function sortNumbers(values: Float64Array): Float64Array {
  const count = values.length;
  if (count <= SHORT) return sortByInsertion(values);
  if (count > LONGEST) return values.sort();
  let lowest = values[0] as number;
  let highest = lowest;
  for (let i = 1; i < count; i++) {
    const value = values[i] as number;
    if (value < lowest) lowest = value;
    else if (value > highest) highest = value;
  }
  // As many buckets as values.
  const width = (count - 1) / (highest - lowest);
  if (!(width > 0 && width < Infinity)) return highest === lowest ? values : values.sort();
  starts.fill(0, 0, count + 1);
  for (let i = 0; i < count; i++) {
    const bucket = ((values[i] as number) - lowest) * width | 0;
    bucketOf[i] = bucket;
    starts[bucket + 1] = (starts[bucket + 1] as number) + 1;
  }
  for (let b = 1; b <= count; b++) starts[b] = (starts[b] as number) + (starts[b - 1] as number);
  for (let i = 0; i < count; i++) {
    const bucket = bucketOf[i] as number;
    const place = starts[bucket] as number;
    spread[place] = values[i] as number;
    starts[bucket] = place + 1;
  }
  for (let i = 0; i < count; i++) values[i] = spread[i] as number;
  return sortByInsertion(values);
}

function sortByInsertion(values: Float64Array): Float64Array {
  for (let i = 1; i < values.length; i++) {
    const value = values[i] as number;
    let k = i - 1;
    while (k >= 0 && (values[k] as number) > value) {
      values[k + 1] = values[k] as number;
      k--;
    }
    values[k + 1] = value;
  }
  return values;
}
