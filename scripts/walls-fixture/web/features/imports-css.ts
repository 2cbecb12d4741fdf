import './leaf.css'
