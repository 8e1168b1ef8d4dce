/** Knows the fields of metadata, label selectors and conditions, in the notation of parse.ts; refuses to know what they are for. */

/** Lists the types, one per paragraph. */
export const metaTypes = `
Condition lastTransitionTime:!t message:!s observedGeneration:n reason:!s status:!s type:!s
LabelSelector! matchExpressions:[LabelSelectorRequirement] matchLabels:{s}
LabelSelectorRequirement key:!s operator:!s values:[s]
ManagedFieldsEntry apiVersion:s fieldsType:s fieldsV1:?any manager:s operation:s subresource:s time:?t
ObjectMeta annotations:{s} creationTimestamp:t deletionGracePeriodSeconds:?n deletionTimestamp:?t finalizers:[s|]
  generateName:s generation:n labels:{s} managedFields:[ManagedFieldsEntry] name:s namespace:s
  ownerReferences:[OwnerReference|uid] resourceVersion:s selfLink:s uid:s
OwnerReference! apiVersion:!s blockOwnerDeletion:?b controller:?b kind:!s name:!s uid:!s
`;
