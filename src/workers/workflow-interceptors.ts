/** What stands around every workflow, in its sandbox; bundled with them. */
export const WORKFLOW_INTERCEPTORS = [require.resolve('../workflows/interceptors/stamp-actor')];
