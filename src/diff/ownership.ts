/** Knows whether we may touch or delete an object that is there: the policy as a table of cases. */
import { type KubeObject, LABEL_PROJECT, type ObjectId, showObject } from "../domain/object.ts";
import { kindRow } from "../domain/kinds.ts";
import { foreignEntries, ownFields } from "./signature.ts";
import { isEmpty } from "./fields.ts";

export type Permission =
  | { readonly may: true }
  | { readonly may: false; readonly reason: string; readonly message: string };

const YES: Permission = { may: true };

/** Says whether an object is ours: it carries our project's label and an apply entry of ours. */
export function isOurs(object: KubeObject, project: string): boolean {
  return object.metadata.labels?.[LABEL_PROJECT] === project && !isEmpty(ownFields(object));
}

/**
 * May we make an object that we have never applied?
 *
 * | there already              | answer                                                        |
 * |----------------------------|---------------------------------------------------------------|
 * | nothing                    | yes                                                           |
 * | ours (removed app returns) | yes                                                           |
 * | a Namespace by others      | yes: labels are merged in, nothing is taken                   |
 * | anything else              | no: somebody made it, and a merge would change it behind them |
 */
export function mayCreate(id: ObjectId, found: KubeObject | undefined, project: string): Permission {
  if (found === undefined || isOurs(found, project) || id.kind === "Namespace") return YES;
  const maker = makerOf(found);
  return {
    may: false,
    reason: "OwnedByOther",
    message: `${showObject(id)} exists already${maker}: choose another name, or delete it on the cluster first`,
  };
}

function makerOf(object: KubeObject): string {
  if (!isEmpty(ownFields(object))) return " and belongs to another project or registration of Farhelm";
  const [maker] = foreignEntries(object);
  return maker === undefined ? "" : ` and was made by ${maker.culprit.manager}`;
}

/**
 * May we delete this object? Only with every sign that it is the one we made: kind not protected, same uid, our label,
 * our apply entry. An empty recorded uid means that our apply arrived and its record was lost: the other signs decide.
 */
export function mayDelete(id: ObjectId, live: KubeObject, recordedUid: string, project: string): Permission {
  if (kindRow(id)?.protected !== false) {
    return no(
      "Protected",
      `${showObject(id)} is of a kind that Farhelm never deletes: delete it yourself if you mean it`,
    );
  }
  if (recordedUid !== "" && live.metadata.uid !== recordedUid) {
    return no("UidChanged", `${showObject(id)} is not the object that Farhelm made: it is left alone`);
  }
  if (live.metadata.labels?.[LABEL_PROJECT] !== project) {
    return no("LabelMissing", `${showObject(id)} lost the label ${LABEL_PROJECT}: it is left alone`);
  }
  if (isEmpty(ownFields(live))) {
    return no("NotOurs", `${showObject(id)} has no field of ours any more: it is left alone`);
  }
  return YES;
}

function no(reason: string, message: string): Permission {
  return { may: false, reason, message };
}
