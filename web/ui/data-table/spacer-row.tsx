/** Stands in a table for the rows above or below what is drawn. */
export const SpacerRow = ({ height }: { height: number }) =>
  height > 0 ? (
    <tr>
      <td className="border-0 p-0" style={{ height }} />
    </tr>
  ) : null
