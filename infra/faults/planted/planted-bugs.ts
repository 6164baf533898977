/** A mistake that would be easy to make, as a patch beside this file, and the cases of the matrix that must notice it. */
export interface PlantedBug {
  readonly name: string;
  readonly only: string;
  /** What a violation of them says, whichever comes first. */
  readonly symptom: string;
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  { name: 'late-undo', only: 'migrateInstance/none/launchShadow/refused-after', symptom: 'the shadow of a launch that was not answered stays' },
  { name: 'token-from-attempt', only: 'migrateInstance/none/launchShadow/reply-lost', symptom: 'a repeated launch is another one' },
  { name: 'no-read-back', only: 'migrateInstance/none/setWeights/aws-write-swallowed,migrateInstance/none/setWeights#2/aws-write-swallowed,migrateInstance/none/setWeights#4/aws-write-swallowed', symptom: 'weights that are not in effect are taken for true' },
  { name: 'terminate-before-drain', only: 'migrateInstance/none/awaitGroupQuiet#2/refused-before,migrateInstance/none/deregisterTarget#2/refused-after,migrateInstance/none/adoptReplacement/refused-before', symptom: 'requests under way on the shadow are cut off' },
  { name: 'unbounded-retry', only: 'migrateInstance/none/createImage/fails-for-ever', symptom: 'a move that cannot go on never ends' },
];
