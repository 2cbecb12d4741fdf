/** The mark of Faultline: a block with a fault through it. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path
        d="M3.6 2.5h6.2L7.4 9.6h3L7.6 17.5h-4A1.6 1.6 0 0 1 2 15.9V4.1a1.6 1.6 0 0 1 1.6-1.6Z"
        fill="currentColor"
      />
      <path
        d="M12.2 2.5h4.2A1.6 1.6 0 0 1 18 4.1v11.8a1.6 1.6 0 0 1-1.6 1.6H10l2.9-8.4h-3Z"
        fill="currentColor"
        opacity=".45"
      />
    </svg>
  )
}
