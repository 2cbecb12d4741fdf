// Looks at every order: a service of the standard library alone, called by the HTTP binding of CloudEvents.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

type order struct {
	OrderID string  `json:"orderId"`
	Total   float64 `json:"total"`
}

func look(response http.ResponseWriter, request *http.Request) {
	var placed order
	if err := json.NewDecoder(request.Body).Decode(&placed); err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	log.Printf("order %s of %.2f looks fine", placed.OrderID, placed.Total)
	response.Header().Set("Faultline-Effect", fmt.Sprintf("check order %s", placed.OrderID))
	response.WriteHeader(http.StatusNoContent)
}

func main() {
	http.HandleFunc("/ready", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/", look)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
