module fraud

go 1.21
