import '@xyflow/react'
