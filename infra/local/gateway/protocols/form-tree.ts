import { AwsError } from '../operation';

/** A query-protocol form (`Filter.1.Name=x`) as a tree: leaves are strings, `1`, `2`... are ordinary keys. */
export interface FormTree {
  [key: string]: string | FormTree;
}

/** Splits the dotted names of a form into a tree. */
export function parseFormTree(form: URLSearchParams): FormTree {
  const root = newNode();
  for (const [name, value] of form) {
    const steps = name.split('.');
    const last = steps.pop() ?? '';
    let node = root;
    for (const step of steps) {
      const next = node[step] ?? newNode();
      if (typeof next === 'string') throw new AwsError('MalformedQueryString', `The parameter ${name} is both a value and a structure`);
      node[step] = next;
      node = next;
    }
    node[last] = value;
  }
  // The API version goes with every request and is nobody's parameter.
  delete root['Version'];
  return root;
}

/** The items of a list node, in the order of their numbers. */
export function listItems(node: FormTree): (string | FormTree)[] {
  return Object.keys(node)
    .filter((key) => /^\d+$/.test(key))
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => node[key] as string | FormTree);
}

// Without a prototype: parameter names come from the network.
function newNode(): FormTree {
  return Object.create(null) as FormTree;
}
