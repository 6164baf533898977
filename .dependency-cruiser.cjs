/** The directions of docs/architecture.md: dependencies point downwards only. */
const only = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    only('no-circular', {}, { circular: true }, 'data flows one way'),
    only('domain-is-pure', { path: '^src/domain' }, { pathNot: '^src/domain' }, 'the domain imports only the domain'),
    only(
      'contracts-rest-on-domain',
      { path: '^src/contracts' },
      { pathNot: '^src/(contracts|domain)|node_modules/(zod|@temporalio/(common|workflow))' },
      'contracts know the domain and nothing else',
    ),
    only(
      'workflows-by-value-only-domain-and-contracts',
      { path: '^src/workflows' },
      { pathNot: '^src/(workflows|domain|contracts)|node_modules/@temporalio/(workflow|common)', dependencyTypesNot: ['type-only'] },
      'what a workflow imports by value ends in the replayed bundle',
    ),
    only('transfer-is-self-contained', { path: '^src/transfer' }, { path: '^src/(?!transfer|domain|threads)|^infra' }, 'runs on instances that know nothing of workflows'),
    only('no-schemas-in-workflows', { path: '^src/workflows' }, { path: '^src/contracts/schemas' }, 'zod stays at the edges'),
    only('forecasting-is-self-contained', { path: '^src/forecasting' }, { path: '^src/(?!forecasting|domain|threads)|^infra' }, 'numbers in, numbers out'),
    only(
      'simulation-is-pure',
      { path: '^src/simulation' },
      { path: '^src/(?!simulation|domain|forecasting)|^infra' },
      'a history in, a result out; the decisions are the domain\'s own',
    ),
    only('simulation-does-no-io', { path: '^src/simulation' }, { dependencyTypes: ['core'] }, 'the command line reads the files'),
    only('product-does-not-simulate', { path: '^src/(?!simulation|cli)' }, { path: '^src/simulation' }, 'only the command line runs a simulation'),
    only('activities-declare-ports', { path: '^src/activities' }, { path: '^src/(adapters|workers|cli|workflows)|^infra' }, 'the consumer declares the port'),
    only('triggers-declare-ports', { path: '^src/triggers' }, { path: '^src/(?!triggers|activities|contracts|domain)|^infra' }, 'the adapters implement them, the command line puts them together'),
    only('adapters-implement-ports', { path: '^src/adapters' }, { path: '^src/(workflows|workers|cli)|^infra' }, 'adapters point down'),
    only('product-does-not-know-the-local-cloud', { path: '^src/(?!cli)' }, { path: '^infra' }, 'only the command line starts the local cloud'),
    only('console-is-a-face', { path: '^src/console' }, { path: '^src/(workflows|workers|cli|triggers|simulation|forecasting|transfer)|^infra' }, 'the console reads what the command line reads, by the same adapters'),
    only('nothing-knows-the-console', { path: '^src/(?!console|cli)' }, { path: '^src/console' }, 'only the command line starts the console'),
    only(
      'aws-clients-are-built-in-one-file',
      { path: '^src', pathNot: '^src/adapters/aws' },
      { path: 'node_modules/@aws-sdk' },
      'only the adapters speak AWS',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(dist|test|infra/cdk)/' },
  },
};
